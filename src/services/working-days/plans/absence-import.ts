import type { DataSource, EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Absence } from '../../../entities/absence.entity';
import { badInput } from '../../../errors';
import type { Actor } from '../../audit/actor';
import { recordAudit } from '../../audit/audit-log';
import { findPersons } from '../lock-persons';
import { absenceFault, type AbsenceValues } from './absence-service';
import { folded } from '../../text/folded';

export interface ImportedAbsence extends AbsenceValues {
  /** Its id in the other system. */
  readonly externalId: string;
  /** The company's own id. */
  readonly employeeId: string;
  readonly cancelled: boolean;
}

/** What is wrong with a row. */
interface RowFault {
  /** 0 for the first. */
  readonly row: number;
  readonly externalId: string;
  readonly field: string;
  readonly message: string;
}

export interface AbsenceImportResult {
  readonly added: number;
  readonly changed: number;
  readonly same: number;
  readonly cancelled: number;
  /** Where there are any nothing was written. */
  readonly errors: readonly RowFault[];
}

const MAX_ROWS = 500;
/** Code points, as PostgreSQL counts them. */
const EXTERNAL_ID = /^[^\p{Cc}\p{Cs}]{1,64}$/u;
const NOTHING = { added: 0, changed: 0, same: 0, cancelled: 0 };

/** Imports absences from another system. The same rows again change nothing. */
export class AbsenceImport {
  constructor(
    private readonly dataSource: DataSource,
    private readonly now: () => Date,
  ) {}

  /**
   * Writes all rows, or none if one has a fault.
   * @param source names the other system: an externalId is unique in it
   * @throws RollcallError BAD_USER_INPUT (absences)
   */
  run(source: string, rows: readonly ImportedAbsence[], by: Actor): Promise<AbsenceImportResult> {
    if (rows.length < 1 || rows.length > MAX_ROWS)
      throw badInput('absences', `must have 1 to ${MAX_ROWS} entries`);
    return this.dataSource.transaction(async (manager) => {
      const persons = await findPersons(
        manager,
        rows.map(({ employeeId }) => employeeId),
      );
      const errors = faultsOf(rows, persons);
      if (errors.length > 0) return { ...NOTHING, errors };
      const counts = { ...NOTHING };
      const known = await this.known(manager, source, rows);
      for (const row of rows) {
        const employeeId = persons.get(folded(row.employeeId)) as string;
        counts[
          await this.write(manager, known.get(row.externalId) ?? null, { source, row, employeeId, by })
        ] += 1;
      }
      const details = { source, ...counts };
      await recordAudit(manager, { ...by, action: 'absence.import', details, at: this.now() });
      return { ...counts, errors };
    });
  }

  private async known(manager: EntityManager, source: string, rows: readonly ImportedAbsence[]) {
    const absences = await manager
      .createQueryBuilder(Absence, 'a')
      .where('a.source = :source AND a.external_id = ANY(:ids)', {
        source,
        ids: rows.map((row) => row.externalId),
      })
      .orderBy('a.id')
      .setLock('pessimistic_write')
      .getMany();
    return new Map(absences.map((absence) => [absence.externalId, absence]));
  }

  private async write(
    manager: EntityManager,
    known: Absence | null,
    { source, row, employeeId, by }: { source: string; row: ImportedAbsence; employeeId: string; by: Actor },
  ): Promise<keyof typeof NOTHING> {
    const { from, until, minutesPerDay = null, kind, paid, externalId } = row;
    if (row.cancelled) {
      if (known === null) return 'same';
      await manager.delete(Absence, { id: known.id });
      return 'cancelled';
    }
    const values = { employeeId, validFrom: from, validUntil: until, minutesPerDay, kind, paid };
    if (known === null) {
      const made = { id: uuidv7(), source, externalId, createdBy: by.caller, createdAt: this.now() };
      await manager.insert(Absence, { ...values, ...made });
      return 'added';
    }
    if (Object.entries(values).every(([name, value]) => known[name as keyof Absence] === value))
      return 'same';
    await manager.update(
      Absence,
      { id: known.id },
      { ...values, createdBy: by.caller, createdAt: this.now() },
    );
    return 'changed';
  }
}

function faultsOf(rows: readonly ImportedAbsence[], persons: ReadonlyMap<string, string>): RowFault[] {
  const seen = new Set<string>();
  return rows.flatMap((row, index) => {
    const { externalId, employeeId } = row;
    const fault = (field: string, message: string): RowFault => ({ row: index, externalId, field, message });
    const faults: RowFault[] = [];
    if (!EXTERNAL_ID.test(externalId) || externalId.trim() === '') {
      faults.push(fault('externalId', 'externalId: must be 1 to 64 characters, without control characters'));
    }
    if (seen.has(externalId)) faults.push(fault('externalId', 'externalId: must not be given twice'));
    seen.add(externalId);
    if (!persons.has(folded(employeeId))) {
      faults.push(fault('employeeId', 'employeeId: there is no employee with this employeeId'));
    }
    const wrong = row.cancelled ? null : absenceFault(row);
    if (wrong !== null) faults.push(fault(String(wrong.details['field']), wrong.message));
    return faults;
  });
}
