import { useState } from 'preact/hooks';
import type { Api } from '../api';
import { fill, texts } from '../messages';
import { isFault } from '../shared/faults';
import { timeIn } from '../shared/time';
import { momentOf, TimeField, wallTimeOf, type WallTime } from '../shared/time-field';
import type { Change, Day } from './hours-api';
import { Preview } from './preview';
import { problemText } from './words';

interface Props {
  readonly api: Api;
  readonly day: Day;
  readonly onChanged: () => void;
}

/** What is most likely missing, by a guess that the reader can change. */
function guessOf(day: Day): { readonly type: 'LOGIN' | 'LOGOUT'; readonly at: Date } {
  const open = day.spans.find(({ login, logout }) => login !== null && logout === null);
  const headless = day.spans.find(({ login, logout }) => login === null && logout !== null);
  const noon = `${day.date}T12:00:00Z`;
  if (headless !== undefined || open === undefined) {
    return { type: 'LOGIN', at: new Date(day.plannedStart ?? headless?.end ?? noon) };
  }
  return { type: 'LOGOUT', at: new Date(day.plannedEnd ?? open.start ?? noon) };
}

/** Two clicks: the first asks for the correction and shows what it does, the second makes it. */
export function Corrector({ api, day, onChanged }: Props) {
  const { hours, directions, common } = texts();
  const guess = guessOf(day);
  const [open, setOpen] = useState(false);
  const [type, setType] = useState(guess.type);
  const [time, setTime] = useState<WallTime>(() => wallTimeOf(guess.at, day.timeZone));
  const [reason, setReason] = useState(hours.usualReason);
  const [change, setChange] = useState<Change | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const attempt = async (deed: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      await deed();
    } catch (error) {
      setProblem(isFault(error, 'FORBIDDEN') ? hours.fourEyes : problemText(error));
    } finally {
      setBusy(false);
    }
  };
  const { employeeId } = day.employee;
  const request = (changes: readonly object[]) =>
    attempt(async () => setChange(await api.hours.request({ employeeId, reason, changes: changes })));
  const add = (): void => {
    const recordedAt = momentOf(time, day.timeZone);
    // The field says what is wrong with the time.
    if (recordedAt !== null) void request([{ add: { type, recordedAt: recordedAt.toISOString() } }]);
  };
  const end = (): void => {
    setChange(null);
    setOpen(false);
    onChanged();
  };
  const punches = day.spans.flatMap(({ login, logout }) => [login, logout]).filter((punch) => punch !== null);

  if (change !== null) {
    return (
      <section class="corrector" aria-label={hours.preview}>
        <Preview change={change} />
        <p class="problem" role="alert">
          {problem}
        </p>
        <div class="row">
          <button
            class="primary"
            disabled={busy}
            onClick={() => void attempt(async () => (await api.hours.decide(change.id, true), end()))}
          >
            {hours.apply}
          </button>
          <button
            disabled={busy}
            onClick={() => void attempt(async () => (await api.hours.withdraw(change.id), setChange(null)))}
          >
            {common.cancel}
          </button>
        </div>
      </section>
    );
  }
  if (!open) {
    return (
      <button
        class="small"
        onClick={() => setOpen(true)}
        aria-label={fill(hours.correctDay, { name: day.employee.name })}
      >
        {hours.correct}
      </button>
    );
  }
  return (
    <form
      class="corrector"
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      <div class="row">
        <label>
          {hours.direction}
          <select value={type} onChange={({ currentTarget }) => setType(currentTarget.value as typeof type)}>
            <option value="LOGIN">{directions.LOGIN}</option>
            <option value="LOGOUT">{directions.LOGOUT}</option>
          </select>
        </label>
        <TimeField zone={day.timeZone} value={time} onChange={setTime} />
      </div>
      <label>
        {hours.reason}
        <input
          value={reason}
          maxLength={500}
          required
          onInput={({ currentTarget }) => setReason(currentTarget.value)}
        />
      </label>
      <p class="problem" role="alert">
        {problem}
      </p>
      <div class="row">
        <button class="primary" disabled={busy}>
          {hours.addPunch}
        </button>
        {punches.map(({ id, type: direction, recordedAt }) => (
          <button
            key={id}
            type="button"
            disabled={busy || reason.trim() === ''}
            onClick={() => void request([{ void: { attendanceId: id } }])}
          >
            {fill(hours.voidPunch, {
              punch: `${directions[direction]} ${timeIn(day.timeZone, new Date(recordedAt))}`,
            })}
          </button>
        ))}
        <button type="button" onClick={() => setOpen(false)}>
          {common.cancel}
        </button>
      </div>
    </form>
  );
}
