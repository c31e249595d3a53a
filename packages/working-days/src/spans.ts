import { isPair, type KeptPunch } from './kept-punches';
import type { CompiledRules } from './compiled-rules';

/** By which rule a span belongs to its working day. */
export type SpanAttribution = 'OVERLAP' | 'INSIDE_PLAN' | 'SESSION' | 'WINDOW' | 'CALENDAR';

/** A LOGIN and its LOGOUT, or one of them whose other is missing. Minutes; a half span has no length. */
export interface Span {
  readonly login: KeptPunch | null;
  readonly logout: KeptPunch | null;
  readonly start: number;
  readonly end: number;
  /** Places among the punches that count. */
  readonly first: number;
  readonly last: number;
  /** A LOGIN that a LOGOUT can still follow. */
  readonly running: boolean;
  /** The next punch after an open LOGIN; null: none. */
  readonly nextPunch: number | null;
  readonly rules: CompiledRules;
}

/** @param asOf the minute at which the question is asked */
export function spansOf(kept: readonly KeptPunch[], asOf: number): Span[] {
  const spans: Span[] = [];
  for (let i = 0; i < kept.length; i++) {
    const punch = kept[i] as KeptPunch;
    if (punch.punch.type === 'LOGOUT') {
      spans.push(spanOf(null, punch, i, i, false, null));
      continue;
    }
    const next = kept[i + 1];
    if (next?.punch.type === 'LOGOUT' && isPair(punch, next.minute)) {
      spans.push(spanOf(punch, next, i, ++i, false, null));
      continue;
    }
    const running = next === undefined && asOf - punch.minute <= punch.rules.rules.maxSpanMinutes;
    spans.push(spanOf(punch, null, i, i, running, next?.minute ?? null));
  }
  return spans;
}

function spanOf(
  login: KeptPunch | null,
  logout: KeptPunch | null,
  first: number,
  last: number,
  running: boolean,
  nextPunch: number | null,
): Span {
  const { minute: start, rules } = (login ?? logout) as KeptPunch;
  return { login, logout, start, end: logout?.minute ?? start, first, last, running, nextPunch, rules };
}
