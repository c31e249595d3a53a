import { folded } from '../text/folded';
import type { Actor } from './actor';
import type { AuditDetails } from './audit-hash';
import type { AuditAction } from './audit-log';
import { networkOf } from './network-of';

/** An event outside of a transaction that an administrator must be able to look up. */
export interface AuditNote {
  readonly action: Extract<
    AuditAction,
    | 'check.refused'
    | 'check.doubtful'
    | 'photo.read'
    | 'punches.read'
    | 'access.refused'
    | 'lockout.begin'
    | 'encryption.rotate'
  >;
  readonly outcome: string;
  /** The company's id of the claimed employee; null: none. */
  readonly claimed: string | null;
  /** Row id of the employee, if that is known. */
  readonly employeeId?: string;
  readonly by: Actor;
  readonly at: Date;
  /** Path of the photo that was read, whose person is looked up; it names an employee, so it is not kept. */
  readonly photo?: string;
  /** More about it, e.g. why a challenge was refused. */
  readonly details?: AuditDetails;
}

/** Alike notes. */
export interface Gathered {
  readonly note: AuditNote;
  readonly count: number;
}

/** How notes are gathered. */
interface Pace {
  readonly forMs: number;
  /** Alike notes come from the same of these. */
  readonly originOf: (address: string) => string;
  /** Different notes that are kept at once, of strangers and of known callers, who must not be hidden by strangers. */
  readonly strangers: number;
  readonly known: number;
  /** Whether those that have no room are one note for each outcome; else they are counted only. */
  readonly others: boolean;
}

const ANONYMOUS = 'anonymous';
/** Replaces the caller in a note for which there was no room. */
const OTHERS = { caller: 'others', address: null };

/** A page of photos, and a check that is refused: there are many, each of which matters, and none can be endless. */
export const QUARTER_SECOND: Pace = {
  forMs: 250,
  originOf: (address) => address,
  strangers: 500,
  known: 500,
  others: false,
};

/**
 * What somebody can repeat at will: a flood of it is a row for each caller, network and employee, and beyond so many
 * strangers, of whom an attacker has as many as they like, one row for all the others.
 */
export const MINUTE: Pace = { forMs: 60_000, originOf: networkOf, strangers: 200, known: 2000, others: true };

/** Counts alike notes for a while. */
export class GatheredNotes {
  private notes = new Map<string, { readonly note: AuditNote; count: number; places: Map<string, number> }>();
  private strangers = 0;
  private lost = 0;
  private timer: NodeJS.Timeout | null = null;

  /** @param due is called when the while is over, for `take` to be called */
  constructor(
    private readonly pace: Pace,
    private readonly due: () => void,
  ) {}

  /**
   * @param place where it was tried: a few words of our own, each of which is counted by itself
   * @param amount how much it counts there
   */
  add(note: AuditNote, place?: string, amount = 1): void {
    this.timer ??= setTimeout(this.due, this.pace.forMs).unref();
    const gathered = this.alike(note);
    if (gathered === null) {
      this.lost += 1;
      return;
    }
    gathered.count += 1;
    if (place !== undefined) gathered.places.set(place, (gathered.places.get(place) ?? 0) + amount);
  }

  /** @returns what was gathered, and how many notes had no room; the next while begins with the next note */
  take(): { readonly notes: readonly Gathered[]; readonly lost: number } {
    if (this.timer !== null) clearTimeout(this.timer);
    const notes = [...this.notes.values()].map(({ note, count, places }) => ({
      note: { ...note, details: { ...note.details, ...Object.fromEntries(places) } },
      count,
    }));
    const { lost } = this;
    this.notes = new Map();
    this.timer = null;
    this.strangers = this.lost = 0;
    return { notes, lost };
  }

  /** @returns null: there is no room for it */
  private alike(note: AuditNote): { count: number; places: Map<string, number> } | null {
    const { action, outcome, claimed, employeeId, by, photo, details, at } = note;
    const origin = by.address === null ? null : this.pace.originOf(by.address);
    const key = JSON.stringify([
      ...[action, outcome, details, photo, employeeId],
      ...[claimed === null ? null : folded(claimed), by.caller, origin],
    ]);
    const known = this.notes.get(key);
    if (known !== undefined) return known;
    const stranger = by.caller === ANONYMOUS;
    const room = stranger
      ? this.strangers < this.pace.strangers
      : this.notes.size - this.strangers < this.pace.known;
    if (room) {
      if (stranger) this.strangers += 1;
      return this.begin(key, note);
    }
    if (!this.pace.others) return null;
    const othersKey = JSON.stringify([action, outcome]);
    return (
      this.notes.get(othersKey) ?? this.begin(othersKey, { action, outcome, claimed: null, by: OTHERS, at })
    );
  }

  private begin(key: string, note: AuditNote): { count: number; places: Map<string, number> } {
    const gathered = { note, count: 0, places: new Map<string, number>() };
    this.notes.set(key, gathered);
    return gathered;
  }
}
