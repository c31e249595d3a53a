import { fill, texts } from '../messages';
import { dateText, momentIn } from '../shared/time';
import type { Change } from './hours-api';
import { hoursText, statusText } from './words';

/** What a correction does: its changes, and the days before and after. */
export function Preview({ change }: { readonly change: Change }) {
  const { hours } = texts();
  return (
    <div class="preview" role="status">
      {change.changes.map((one, i) => (
        <p key={i}>{changeText(one, change)}</p>
      ))}
      {change.preview.length === 0 && <p>{hours.noChange}</p>}
      {change.preview.map(({ date, before, after }) => (
        <p key={date}>
          {fill(hours.change, {
            date: dateText(date),
            before: `${statusText(before.status)} ${hoursText(before.figures.workedMinutes)}`,
            after: `${statusText(after.status)} ${hoursText(after.figures.workedMinutes)}`,
          })}
        </p>
      ))}
    </div>
  );
}

/** By the clocks of the office on the day that the correction changes. */
function changeText(
  { kind, type, recordedAt, attendance, date, minutes }: Change['changes'][number],
  { preview }: Change,
): string {
  const { hours, directions } = texts();
  if (kind === 'WAIVE_BREAK') {
    const on = date === null ? '' : dateText(date);
    return fill(hours.changeWaive, { time: hoursText(minutes ?? 0), date: on });
  }
  const zone = preview[0]?.before.timeZone ?? 'UTC';
  const direction = type ?? attendance?.type;
  const at = recordedAt ?? attendance?.recordedAt;
  return fill(kind === 'ADD' ? hours.changeAdd : hours.changeVoid, {
    direction: direction === undefined ? '' : directions[direction],
    time: at === undefined ? '' : `${momentIn(zone, new Date(at))} (${zone})`,
  });
}
