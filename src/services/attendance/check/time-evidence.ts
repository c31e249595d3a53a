import type { Statements } from '../../../database/statements';
import type { Employee } from '../../../entities/employee.entity';
import { CONTACT_GAP_MS } from '../../access/key-contacts';
import type { Requester } from '../../access/requester';
import type { TimeBeacons } from '../../access/time-beacon';
import { Untimely } from './capture-time';
import type { Check } from './check';

/** How far a device's clock may be off without a correction, and how far from its stated offset. */
const TOLERANCE_MS = 90_000;
/**
 * How long a device may take to send what it saved once the service answers it again: hundreds of punches at two seconds
 * each, with pauses. After faults of the service the kiosk pauses for up to an hour between two tries.
 */
const SENDING_MS = 900_000;
const SENDING_AFTER_FAULT_MS = 75 * 60_000;
/** Nobody punches twice within a second, however short the minimum interval is. */
const SHORTEST_INTERVAL_MS = 1000;

/**
 * $1 ids of keys, $2 when the check was made, $3 milliseconds within which the next answer of a contact comes.
 * `contact`: the first moment at which the key had got an answer since then, and since the service's last fault.
 */
const FIND = `
  SELECT k.id, k.office_id, k.created_at, k.last_fault_at, k.revoked_at, k.expires_at, (
    SELECT min(CASE WHEN c.began_at > s.at THEN c.began_at
      ELSE least(c.ended_at, s.at + $3::int * interval '1 millisecond') END)
    FROM key_contacts c WHERE c.key_id = k.id AND c.ended_at > s.at) AS contact
  FROM api_keys k, LATERAL (SELECT greatest($2::timestamptz, k.last_fault_at) AS at) s
  WHERE k.id::text = ANY($1::text[])`;

interface KeyRow {
  id: string;
  office_id: string | null;
  created_at: Date;
  last_fault_at: Date | null;
  revoked_at: Date | null;
  expires_at: Date | null;
  /** When the key had got an answer since the check. */
  contact: Date | null;
}

/** A saved check, as its time is judged. */
interface SavedMoment {
  readonly check: Check;
  readonly requester: Requester;
  readonly employee: Employee;
  /** When it was made, corrected. */
  readonly at: Date;
  readonly now: Date;
}

/** Judges when a saved check was made by what the service knows itself. What it refuses becomes a review item. */
export class TimeEvidence {
  constructor(
    private readonly statements: Statements,
    private readonly beacons: Pick<TimeBeacons, 'read'>,
    /** Seconds between two punches of one employee. */
    private readonly minIntervalSeconds: number,
  ) {}

  /**
   * @returns when the time beacon that the check names was issued; null: it names none
   * @throws Untimely if the key or the employee did not exist, the beacon is forged or was issued later, or the
   *   device was in contact since then and has not sent the check
   */
  async judge({ check, requester, employee, at, now }: SavedMoment): Promise<Date | null> {
    const latest = at.getTime() + TOLERANCE_MS;
    if (latest < employee.createdAt.getTime()) {
      throw new Untimely('BEFORE_EMPLOYEE', 'before the employee was registered');
    }
    const issued = this.issued(check);
    const foreign = issued !== null && issued.caller !== requester.caller ? issued.caller : null;
    const { keyId } = requester;
    const keys = keyId === null ? [] : await this.keysOf(keyId, foreign, { at, now });
    if (foreign !== null && keys.length < 2) throw foreignBeacon();
    if (issued !== null && latest < issued.at.getTime()) {
      throw new Untimely('BEFORE_BEACON', 'before the time beacon was issued');
    }
    if (keys.length > 0 && keys.every(({ created_at: created }) => latest < created.getTime())) {
      throw new Untimely('BEFORE_KEY', 'before the API key was created');
    }
    refuseInContact(keys, at, now);
    return issued?.at ?? null;
  }

  /**
   * Whether two punches are too close together for one person. Those that would be the same punch are none.
   * @param others the employee's punches before and after
   * @throws Untimely
   */
  refuseTooClose(at: Date, others: readonly { readonly recordedAt: Date }[]): void {
    const least = Math.max(SHORTEST_INTERVAL_MS, this.minIntervalSeconds * 1000);
    if (others.some(({ recordedAt }) => Math.abs(recordedAt.getTime() - at.getTime()) < least)) {
      throw new Untimely('TOO_CLOSE', 'within the minimum interval of another punch in the other direction');
    }
  }

  private issued({ timeBeacon }: Check) {
    if (timeBeacon == null) return null;
    const issued = this.beacons.read(timeBeacon);
    if (issued === null) throw foreignBeacon();
    return issued;
  }

  /**
   * The key of the requester, and the one that the device had before it was paired again.
   * @param keyId of the requester's key
   * @param other who got the beacon; null: the requester, or nobody
   */
  private async keysOf(
    keyId: string,
    other: string | null,
    { at, now }: Pick<SavedMoment, 'at' | 'now'>,
  ): Promise<readonly KeyRow[]> {
    const ids = [keyId, ...(other === null ? [] : [other.replace(/^key:/, '')])];
    const rows = await this.statements.run<KeyRow>('find-key-contacts', FIND, [ids, at, CONTACT_GAP_MS]);
    const [own, former] = ids.map((wanted) => rows.find(({ id }) => id === wanted));
    if (own === undefined) return [];
    return former !== undefined && isFormer(former, own, now) ? [own, former] : [own];
  }
}

/** @throws Untimely if one of the keys got an answer after the check was made, long before it was sent */
function refuseInContact(keys: readonly KeyRow[], at: Date, now: Date): void {
  for (const { contact, last_fault_at: fault } of keys) {
    const sending = fault !== null && fault > at ? SENDING_AFTER_FAULT_MS : SENDING_MS;
    if (contact !== null && now.getTime() - contact.getTime() > sending) {
      throw new Untimely('WAS_ONLINE', 'the device was in contact with the service since then');
    }
  }
}

const foreignBeacon = (): Untimely =>
  new Untimely('BEACON_INVALID', 'the time beacon is not one of this API key');

/** Whether a device at this office may have had the other key before: one that works no more. */
function isFormer(other: KeyRow, own: KeyRow, now: Date): boolean {
  const ended = other.revoked_at !== null || (other.expires_at !== null && other.expires_at <= now);
  return ended && own.office_id !== null && other.office_id === own.office_id;
}
