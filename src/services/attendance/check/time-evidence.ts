import type { Statements } from '../../../database/statements';
import type { Employee } from '../../../entities/employee.entity';
import { CONTACT_GAP_MS } from '../../access/key-contacts';
import { keyIdOf, type Requester } from '../../access/requester';
import type { TimeBeacons } from '../../access/time-beacon';
import { Untimely } from './capture-time';
import type { Check } from './check';

/** By how much a device's clock may be off that is not corrected, and the offset by which it is. */
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
 * $1 the key's id, $2 when the check was made, $3 milliseconds within which the next answer of a contact comes.
 * `contact`: the first moment at which the key had got an answer since then, and since the service's last fault.
 */
const FIND = `
  SELECT k.created_at, k.last_fault_at, (
    SELECT min(CASE WHEN c.began_at > s.at THEN c.began_at
      ELSE least(c.ended_at, s.at + $3::int * interval '1 millisecond') END)
    FROM key_contacts c WHERE c.key_id = k.id AND c.ended_at > s.at) AS contact
  FROM api_keys k, LATERAL (SELECT greatest($2::timestamptz, k.last_fault_at) AS at) s WHERE k.id = $1`;

interface KnownOfKey {
  created_at: Date;
  last_fault_at: Date | null;
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
   * @throws Untimely where the key or the employee did not exist, the beacon is forged or was issued later, or the
   *   device was in contact since then and has not sent the check
   */
  async judge({ check, requester, employee, at, now }: SavedMoment): Promise<Date | null> {
    const latest = at.getTime() + TOLERANCE_MS;
    if (latest < employee.createdAt.getTime()) {
      throw new Untimely('BEFORE_EMPLOYEE', 'before the employee was registered');
    }
    const issued = this.issuedAt(check, requester);
    if (issued !== null && latest < issued.getTime()) {
      throw new Untimely('BEFORE_BEACON', 'before the time beacon was issued');
    }
    if (requester.kind === 'key') await this.judgeContact(requester, at, now);
    return issued;
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

  private issuedAt({ timeBeacon }: Check, { caller }: Requester): Date | null {
    if (timeBeacon == null) return null;
    const issued = this.beacons.read(timeBeacon, caller);
    if (issued === null) throw new Untimely('BEACON_INVALID', 'the time beacon is not one of this API key');
    return issued;
  }

  private async judgeContact(requester: Requester, at: Date, now: Date): Promise<void> {
    const values = [keyIdOf(requester), at, CONTACT_GAP_MS];
    const [known] = await this.statements.run<KnownOfKey>('find-key-contact', FIND, values);
    if (known === undefined) return;
    if (at.getTime() + TOLERANCE_MS < known.created_at.getTime()) {
      throw new Untimely('BEFORE_KEY', 'before the API key was created');
    }
    const { contact, last_fault_at: fault } = known;
    const sending = fault !== null && fault > at ? SENDING_AFTER_FAULT_MS : SENDING_MS;
    if (contact !== null && now.getTime() - contact.getTime() > sending) {
      throw new Untimely('WAS_ONLINE', 'the device was in contact with the service since then');
    }
  }
}
