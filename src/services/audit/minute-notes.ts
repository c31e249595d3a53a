import { networkOf } from './network-of';
import type { AuditDetails } from './audit-hash';
import type { AuditNote } from './audit-note';

const MINUTE_MS = 60_000;
/** Unknown networks that get their own event in a minute. An attacker can use any number of them. */
const MAX_STRANGERS = 200;
/** Known requesters get their own events in addition, so that no number of unknown ones hides them. */
const MAX_KNOWN = 2000;
const ANONYMOUS = 'anonymous';
/** Replaces the requester in the event for all others. */
const OTHERS = 'others';

interface Repeated {
  readonly note: AuditNote;
  count: number;
  readonly places: Map<string, number>;
}

/**
 * Gathers for a minute what somebody can repeat at will, so that a flood of it is a row: one for each caller, network
 * and employee, and beyond two hundred strangers one for all the others.
 */
export class MinuteNotes {
  private repeated = new Map<string, Repeated>();
  private strangers = 0;
  private timer: NodeJS.Timeout | null = null;

  /** @param hand gets each of them with its number when its minute is over */
  constructor(private readonly hand: (note: AuditNote, count: number) => void) {}

  /** @param place where access was tried: one of a few words of our own, each counted separately */
  note(note: AuditNote, place?: string): void {
    const known = this.of(note);
    known.count += 1;
    if (place !== undefined) known.places.set(place, (known.places.get(place) ?? 0) + 1);
    this.timer ??= setTimeout(() => this.close(), MINUTE_MS).unref();
  }

  /** Ends the minute. */
  close(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    const { repeated } = this;
    this.repeated = new Map();
    this.strangers = 0;
    for (const { note, count, places } of repeated.values()) {
      const details: AuditDetails = { ...note.details, ...Object.fromEntries(places) };
      this.hand({ ...note, details }, count);
    }
  }

  private of(note: AuditNote): Repeated {
    const { action, outcome, claimed, by } = note;
    const network = by.address === null ? null : networkOf(by.address);
    const key = JSON.stringify([action, outcome, note.details, claimed?.toLowerCase(), by.caller, network]);
    const known = this.repeated.get(key);
    if (known !== undefined) return known;
    const stranger = by.caller === ANONYMOUS;
    const room = stranger ? this.strangers < MAX_STRANGERS : this.repeated.size - this.strangers < MAX_KNOWN;
    if (!room) return this.ofOthers(note);
    if (stranger) this.strangers += 1;
    return this.begin(key, note);
  }

  /** All others: one event per outcome. */
  private ofOthers({ action, outcome, at }: AuditNote): Repeated {
    const key = JSON.stringify([action, outcome]);
    const by = { caller: OTHERS, address: null };
    return this.repeated.get(key) ?? this.begin(key, { action, outcome, claimed: null, by, at });
  }

  private begin(key: string, note: AuditNote): Repeated {
    const repeated = { note, count: 0, places: new Map<string, number>() };
    this.repeated.set(key, repeated);
    return repeated;
  }
}
