import { useState } from 'preact/hooks';
import type { Api } from '../api';
import { fill, texts } from '../messages';
import { Photo } from '../shared/photo';
import { dateText, timeIn } from '../shared/time';
import { Corrector } from './corrector';
import { DayBar } from './day-bar';
import type { TimesheetDay } from './hours-api';
import { keyText, stepText } from './step-text';
import { balanceText, flagText, hoursText, statusText } from './words';

interface Props {
  readonly api: Api;
  readonly day: TimesheetDay;
  readonly onChanged: () => void;
}

/** A day of a month. The button opens it. */
export function DayRow({ api, day, onChanged }: Props) {
  const [open, setOpen] = useState(false);
  const { figures } = day;
  const details = `details-${day.date}`;
  return (
    <tbody>
      <tr class={day.status.toLowerCase()}>
        <th scope="row">
          <button class="link" aria-expanded={open} aria-controls={details} onClick={() => setOpen(!open)}>
            {dateText(day.date)}
          </button>
        </th>
        <td>
          {[statusText(day.status), day.holiday?.name, ...day.flags.map(flagText)]
            .filter(Boolean)
            .join(' · ')}
        </td>
        <td>
          <DayBar worked={figures.workedMinutes} planned={figures.plannedMinutes} />
        </td>
        <td>{hoursText(figures.workedMinutes)}</td>
        <td>{hoursText(figures.expectedMinutes)}</td>
        <td>{balanceText(figures.balanceMinutes)}</td>
      </tr>
      <tr id={details} hidden={!open}>
        {open && (
          <td colSpan={6}>
            <Details api={api} day={day} />
            <Corrector api={api} day={day} onChanged={onChanged} />
          </td>
        )}
      </tr>
    </tbody>
  );
}

function Details({ api, day }: Pick<Props, 'api' | 'day'>) {
  const { hours, directions, enrol } = texts();
  const punches = day.spans.flatMap(({ login, logout }) => [login, logout]).filter((punch) => punch !== null);
  return (
    <>
      <ul class="punches">
        {punches.map(({ id, type, recordedAt, imageUrl }) => (
          <li key={id}>
            {imageUrl !== null && (
              <Photo api={api} address={imageUrl} alt={fill(enrol.photoOf, { name: day.employee.name })} />
            )}
            <span>
              {directions[type]} {timeIn(day.timeZone, new Date(recordedAt))}
            </span>
          </li>
        ))}
      </ul>
      <h2 class="why">{hours.why}</h2>
      <ol class="steps">
        {day.steps
          .filter(({ minutes }) => minutes !== 0)
          .map((step, i) => (
            <li key={i}>
              <span>
                {hours.figures[step.figure]}
                {step.key !== null && ` ${keyText(step.key)}`}: {hoursText(step.minutes)}
              </span>{' '}
              <Sentence step={step} day={day} />
            </li>
          ))}
      </ol>
    </>
  );
}

function Sentence({
  step,
  day,
}: {
  readonly step: TimesheetDay['steps'][number];
  readonly day: TimesheetDay;
}) {
  const text = stepText(step, day);
  if (text !== null) return <span class="muted">{text}</span>;
  return (
    <span class="muted" lang="en" dir="ltr">
      {step.text}
    </span>
  );
}
