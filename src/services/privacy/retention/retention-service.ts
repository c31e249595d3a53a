import type { DataSource, EntityManager } from 'typeorm';
import type { Config } from '../../../config/config';
import { Employee } from '../../../entities/employee.entity';
import { SYSTEM } from '../../audit/actor';
import { recordAudit } from '../../audit/audit-log';
import { countPurgeableAudit, purgeAudit } from '../../audit/audit-purge';
import { beginErasure } from '../erasure/begin-erasure';
import { lockGallery } from '../../faces/matching/gallery-sync';
import { discardImages, discardOf, type CdnPlace } from '../../photos/cdn/discard';
import { discardsOf, PUNCH_PHOTO_COLUMNS, type PunchPhotoRow } from '../../photos/punch-photo';
import { WITHOUT_PHOTO } from '../personal-data';

/** How much there is, by kind. */
interface RetentionCounts {
  /** Photos of punches; the punches stay. */
  readonly attendancePhotos: number;
  /** Decided ones, with their photos. */
  readonly reviewItems: number;
  /** Employees who are erased. Their punches are kept without biometric data. */
  readonly inactiveEmployees: number;
  readonly absences: number;
  readonly auditEvents: number;
}

interface PunchPhoto extends PunchPhotoRow {
  readonly employee_id: string;
}

const BATCH = 500;
const MS_PER_DAY = 86_400_000;

const OLD_PHOTOS = 'image_path IS NOT NULL AND recorded_at < $1';
const DECIDED = 'decided_at < $1';
/** Counted from the last day, in UTC. */
const OLD_ABSENCE = `valid_until < ($1::timestamptz AT TIME ZONE 'UTC')::date`;
const LONG_INACTIVE = 'NOT active AND erased_at IS NULL AND deactivated_at < $1';

/**
 * Deletes data after its retention period. It only changes rows; disk and CDN follow as with an erasure. Several nodes
 * can run it at once: each takes rows that no other has locked.
 */
export class RetentionService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly days: Config['privacy']['retention'],
    /** null: no Cloudinary credentials. */
    private readonly cdn: CdnPlace | null,
    private readonly now: () => Date,
  ) {}

  /** What a run would delete now. */
  async plan(): Promise<RetentionCounts> {
    const { manager } = this.dataSource;
    const { attendancePhotosDays, reviewItemsDays, inactiveEmployeesDays, absencesDays, auditDays } =
      this.days;
    const count = async (days: number, table: string, condition: string): Promise<number> => {
      const before = this.before(days);
      if (before === null) return 0;
      const [row] = await manager.query<{ count: number }[]>(
        `SELECT count(*)::int AS count FROM ${table} WHERE ${condition}`,
        [before],
      );
      return row?.count ?? 0;
    };
    const auditBefore = this.before(auditDays);
    return {
      attendancePhotos: await count(attendancePhotosDays, 'attendances', OLD_PHOTOS),
      reviewItems: await count(reviewItemsDays, 'review_items', DECIDED),
      inactiveEmployees: await count(inactiveEmployeesDays, 'employees', LONG_INACTIVE),
      absences: await count(absencesDays, 'absences', OLD_ABSENCE),
      auditEvents: auditBefore === null ? 0 : await countPurgeableAudit(manager, auditBefore),
    };
  }

  /**
   * Deletes it.
   * @param signal stops after the current transaction; the next run continues there
   * @returns what it was
   */
  async run(signal: AbortSignal): Promise<RetentionCounts> {
    const { attendancePhotosDays, reviewItemsDays, inactiveEmployeesDays, auditDays } = this.days;
    const reviewsBefore = this.before(reviewItemsDays);
    const absencesBefore = this.before(this.days.absencesDays);
    const photosBefore = this.before(attendancePhotosDays);
    const inactiveBefore = this.before(inactiveEmployeesDays);
    const auditBefore = this.before(auditDays);
    return {
      attendancePhotos: photosBefore === null ? 0 : await this.dropPhotos(photosBefore, signal),
      reviewItems: reviewsBefore === null ? 0 : await this.dropReviewItems(reviewsBefore, signal),
      inactiveEmployees: inactiveBefore === null ? 0 : await this.eraseInactive(inactiveBefore, signal),
      absences: absencesBefore === null ? 0 : await this.dropAbsences(absencesBefore),
      auditEvents: auditBefore === null ? 0 : await purgeAudit(this.dataSource, auditBefore, this.now()),
    };
  }

  private before(days: number): Date | null {
    return days === 0 ? null : new Date(this.now().getTime() - days * MS_PER_DAY);
  }

  private async dropPhotos(before: Date, signal: AbortSignal): Promise<number> {
    let total = 0;
    for (let dropped = BATCH; dropped === BATCH && !signal.aborted;) {
      dropped = await this.dataSource.transaction((manager) => this.dropPhotoBatch(manager, before));
      total += dropped;
    }
    return total;
  }

  private async dropPhotoBatch(manager: EntityManager, before: Date): Promise<number> {
    const punches = await manager.query<PunchPhoto[]>(
      `SELECT employee_id, ${PUNCH_PHOTO_COLUMNS} FROM attendances
       WHERE ${OLD_PHOTOS} ORDER BY recorded_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED`,
      [before],
    );
    if (punches.length === 0) return 0;
    for (const subjectId of new Set(punches.map((punch) => punch.employee_id))) {
      const theirs = punches.filter((punch) => punch.employee_id === subjectId);
      await discardImages(manager, discardsOf(theirs, this.cdn), { subjectId });
    }
    await manager.query(`UPDATE attendances SET ${WITHOUT_PHOTO} WHERE id = ANY($1::uuid[])`, [
      punches.map(({ id }) => id),
    ]);
    await recordAudit(manager, {
      ...SYSTEM,
      action: 'retention.photos',
      details: { photos: punches.length, before: before.toISOString() },
      at: this.now(),
    });
    return punches.length;
  }

  /** Decided ones; what waits for a decision stays. */
  private async dropReviewItems(before: Date, signal: AbortSignal): Promise<number> {
    let total = 0;
    for (let dropped = BATCH; dropped === BATCH && !signal.aborted;) {
      dropped = await this.dataSource.transaction(async (manager) => {
        const items = await manager.query<(PunchPhotoRow & { readonly employee_id: string | null })[]>(
          `SELECT employee_id, ${PUNCH_PHOTO_COLUMNS} FROM review_items
           WHERE ${DECIDED} ORDER BY decided_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED`,
          [before],
        );
        if (items.length === 0) return 0;
        for (const item of items) {
          const subjectId = item.employee_id ?? item.id;
          await discardImages(manager, discardsOf([item], this.cdn, 'review_items'), { subjectId });
        }
        await manager.query('DELETE FROM review_items WHERE id = ANY($1::uuid[])', [
          items.map(({ id }) => id),
        ]);
        await recordAudit(manager, {
          ...SYSTEM,
          action: 'retention.review-items',
          employeeId: null,
          outcome: 'OK',
          details: { items: items.length, before: before.toISOString() },
          at: this.now(),
        });
        return items.length;
      });
      total += dropped;
    }
    return total;
  }

  /** Those whose last day is so long ago. What was credited for them is no longer credited. */
  private dropAbsences(before: Date): Promise<number> {
    return this.dataSource.transaction(async (manager) => {
      const [, absences] = await manager.query<[unknown[], number]>(
        `DELETE FROM absences WHERE ${OLD_ABSENCE}`,
        [before],
      );
      if (absences === 0) return 0;
      const event = { ...SYSTEM, action: 'retention.absences' as const, employeeId: null, outcome: 'OK' };
      const details = { absences, before: before.toISOString().slice(0, 10) };
      await recordAudit(manager, { ...event, details, at: this.now() });
      return absences;
    });
  }

  private async eraseInactive(before: Date, signal: AbortSignal): Promise<number> {
    const due = await this.dataSource.query<{ id: string }[]>(
      `SELECT id FROM employees WHERE ${LONG_INACTIVE} ORDER BY deactivated_at`,
      [before],
    );
    let erased = 0;
    for (const { id } of due) {
      if (signal.aborted) break;
      if (await this.dataSource.transaction((manager) => this.eraseOne(manager, id, before))) erased += 1;
    }
    return erased;
  }

  /** @returns false if somebody else was faster, or the employee came back */
  private async eraseOne(manager: EntityManager, id: string, before: Date): Promise<boolean> {
    // The gallery's lock comes before that of the employee, as everywhere.
    await lockGallery(manager);
    const employee = await manager.findOne(Employee, { where: { id }, lock: { mode: 'for_no_key_update' } });
    const due =
      employee !== null &&
      !employee.active &&
      employee.erasedAt === null &&
      employee.deactivatedAt !== null &&
      employee.deactivatedAt < before;
    if (!due) return false;
    const order = { keepAttendance: true, by: SYSTEM, at: this.now() };
    await beginErasure(manager, employee, order, (ref, image) => discardOf(ref, image, this.cdn));
    return true;
  }
}
