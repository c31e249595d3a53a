import type { CompiledRules } from './compiled-rules';
import { minuteOf } from './dates';
import type { PersonCalendar } from './person-calendar';
import type { Punch } from './types';

const MS_OF_MINUTE = 60_000;

/** A punch that counts, with the repeats that do not. */
export interface KeptPunch {
  readonly punch: Punch;
  readonly minute: number;
  /** The rules of its LOGIN's date, which hold for repeats, pairs and the working day. */
  readonly rules: CompiledRules;
  /** Punches that this one stands for. */
  readonly repeats: readonly Punch[];
}

/** Rule of the date on which a minute lies. */
export const rulesAt = (calendar: PersonCalendar, minute: number): CompiledRules =>
  calendar.plan(calendar.dayAt(minute)).rules;

/**
 * Punches in order without repeats. A repeat has the direction of the punch before it and is made less than
 * `repeatMinutes` after it. Of LOGINs the first counts, of LOGOUTs the last.
 */
export function keptPunches(punches: readonly Punch[], calendar: PersonCalendar): KeptPunch[] {
  const kept: KeptPunch[] = [];
  const keep = (punch: Punch): void => {
    const last = kept.at(-1);
    const minute = minuteOf(punch.at);
    if (last?.punch.type === punch.type) {
      const apart = punch.at - last.punch.at;
      if (apart < last.rules.rules.repeatMinutes * MS_OF_MINUTE) {
        const [counts, repeats] =
          punch.type === 'LOGIN' ? [last, punch] : [{ ...last, punch, minute }, last.punch];
        kept[kept.length - 1] = { ...counts, repeats: [...last.repeats, repeats] };
        return;
      }
    }
    const rules =
      punch.type === 'LOGOUT' && last?.punch.type === 'LOGIN' && isPair(last, minute)
        ? last.rules
        : rulesAt(calendar, minute);
    kept.push({ punch, minute, rules, repeats: NO_REPEATS });
  };
  const sorted = punches
    .filter(({ voided }) => voided !== true)
    .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  for (let i = 0; i < sorted.length;) {
    const { at } = sorted[i] as Punch;
    let end = i + 1;
    while (sorted[end]?.at === at) end++;
    if (end === i + 1) keep(sorted[i] as Punch);
    else keepInTurn(sorted.slice(i, end), kept, keep);
    i = end;
  }
  return kept;
}

const NO_REPEATS: readonly Punch[] = [];

/** Whether a LOGOUT at a minute ends the span of a LOGIN. */
export const isPair = (login: KeptPunch, minute: number): boolean =>
  minute - login.minute <= login.rules.rules.maxSpanMinutes;

/**
 * Punches of one instant. First comes the one of the other direction than the punch before it, a LOGIN if there is
 * none, then by id.
 * @param same by id; it is emptied
 * @param kept grows with each call of `keep`
 */
function keepInTurn(same: Punch[], kept: readonly KeptPunch[], keep: (punch: Punch) => void): void {
  while (same.length > 0) {
    const next = kept.at(-1)?.punch.type === 'LOGIN' ? 'LOGOUT' : 'LOGIN';
    const at = Math.max(
      0,
      same.findIndex(({ type }) => type === next),
    );
    keep(same.splice(at, 1)[0] as Punch);
  }
}
