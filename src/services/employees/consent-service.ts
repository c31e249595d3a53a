import type { DataSource } from 'typeorm';
import { Employee } from '../../entities/employee.entity';
import { conflict } from '../../errors';
import type { Actor } from '../audit/actor';
import { recordAudit } from '../audit/audit-log';
import { SeenFace } from '../../entities/seen-face.entity';
import { dropEmployeePhoto, dropTemplates, type DiscardOf } from './enrolment/drop-faces';
import type { TemplateChanges } from './enrolment/template-changes';
import { lockPerson } from './lock-person';
import { auditConsent, checkConsent, consentColumns, type ConsentGiven } from './consent';

/** What people agreed to, and how they take it back. */
export class ConsentService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly changes: TemplateChanges,
    private readonly discardOf: DiscardOf,
    private readonly now: () => Date,
  ) {}

  /**
   * Records the consent of a registered employee; it replaces an earlier one.
   * @throws RollcallError NOT_FOUND; BAD_USER_INPUT if it was given in the future
   */
  record(employeeId: string, consent: ConsentGiven, by: Actor): Promise<Employee> {
    checkConsent(consent, this.now());
    return this.dataSource.transaction(async (manager) => {
      const employee = await lockPerson(manager, employeeId);
      const columns = consentColumns(consent);
      await manager.update(Employee, { id: employee.id }, columns);
      await auditConsent(manager, employee.id, consent, by, this.now());
      return Object.assign(employee, columns);
    });
  }

  /**
   * Takes all templates and face photos of an employee out, from rows, disk and CDN; once it resolves their face
   * matches nowhere. They stay an employee, whose punches are recorded by hand.
   * @throws RollcallError NOT_FOUND, UNAVAILABLE; CONFLICT if it is withdrawn already
   */
  withdraw(employeeId: string, by: Actor): Promise<Employee> {
    return this.changes.run(async ({ manager, touch }) => {
      const employee = await lockPerson(manager, employeeId);
      if (employee.consentWithdrawnAt !== null) {
        throw conflict('employeeId', 'Consent is already withdrawn');
      }
      await touch(employee.id);
      const templates = await dropTemplates(manager, this.discardOf, { subjectId: employee.id });
      await dropEmployeePhoto(manager, employee, this.discardOf);
      await manager.delete(SeenFace, { employeeId: employee.id });
      const at = this.now();
      await manager.update(Employee, { id: employee.id }, { consentWithdrawnAt: at });
      await recordAudit(manager, {
        ...by,
        action: 'consent.withdraw',
        employeeId: employee.id,
        details: { templates },
        at,
      });
      return manager.findOneByOrFail(Employee, { id: employee.id });
    });
  }
}
