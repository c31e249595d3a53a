import { useId } from 'preact/hooks';
import { fill, texts } from '../messages';
import { wallClockIn } from './time';
import { momentsOf } from './wall-clock';

/** What stands in the field: a time on the wall of the office. */
export interface WallTime {
  /** YYYY-MM-DDTHH:MM */
  readonly local: string;
  /** Of a time that occurs twice, the second one. */
  readonly second: boolean;
}

/** What the field shows of a moment: to the minute. */
export function wallTimeOf(moment: Date, zone: string): WallTime {
  const local = wallClockIn(zone, moment);
  const [, later = null] = momentsOf(local, zone);
  return { local, second: later !== null && moment >= later };
}

/** @returns null if the clocks skip the time, or the field is not filled in */
export function momentOf({ local, second }: WallTime, zone: string): Date | null {
  const moments = momentsOf(local, zone);
  return (second ? moments.at(-1) : moments[0]) ?? null;
}

interface Props {
  readonly zone: string;
  readonly value: WallTime;
  readonly onChange: (value: WallTime) => void;
}

/** A date and time by the clocks of the office, which its label names. Of two equal times the first counts, unless chosen. */
export function TimeField({ zone, value, onChange }: Props) {
  const { hours } = texts();
  const problem = useId();
  const moments = momentsOf(value.local, zone);
  const missing = value.local !== '' && moments.length === 0;
  return (
    <>
      <label>
        {fill(hours.time, { zone })}
        <input
          type="datetime-local"
          value={value.local}
          required
          aria-invalid={missing}
          aria-describedby={missing ? problem : undefined}
          onInput={({ currentTarget }) => onChange({ local: currentTarget.value, second: false })}
        />
      </label>
      {missing && (
        <p id={problem} class="problem" role="alert">
          {fill(hours.timeMissing, { zone })}
        </p>
      )}
      {moments.length > 1 && (
        <label>
          {hours.timeTwice}
          <select
            value={value.second ? 'second' : 'first'}
            onChange={({ currentTarget }) => onChange({ ...value, second: currentTarget.value === 'second' })}
          >
            <option value="first">{hours.timeFirst}</option>
            <option value="second">{hours.timeSecond}</option>
          </select>
        </label>
      )}
    </>
  );
}
