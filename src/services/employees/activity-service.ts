import type { EntityManager } from 'typeorm';
import { Employee } from '../../entities/employee.entity';
import { FaceTemplate } from '../../entities/face-template.entity';
import type { Actor } from '../audit/actor';
import { recordAudit } from '../audit/audit-log';
import type { TemplateChanges, TemplateTransaction } from './enrolment/template-changes';
import { lockPerson } from './lock-person';
import { todayOf } from './office-history';
import type { FaceModelPair } from '../faces/engine/face-model-ids';
import { probesOf } from '../faces/matching/stored-probes';
import type { TemplateVault } from '../faces/matching/template-vault';

/** Employees who leave for a time, and come back: their templates are kept, and matched only while they are active. */
export class ActivityService {
  constructor(
    private readonly changes: TemplateChanges,
    private readonly models: FaceModelPair,
    private readonly vault: TemplateVault,
    private readonly now: () => Date,
  ) {}

  /**
   * Once this resolves no node matches the employee's face, and no punch of theirs is written. Repeating it changes
   * nothing.
   * @throws RollcallError NOT_FOUND, UNAVAILABLE
   */
  deactivate(employeeId: string, by: Actor): Promise<Employee> {
    return this.changes.run(async ({ manager, touch }) => {
      const employee = await lockPerson(manager, employeeId);
      if (!employee.active) return employee;
      await touch(employee.id);
      const at = this.now();
      const today = await todayOf(manager, employee, at);
      const until = today < employee.employedFrom ? employee.employedFrom : today;
      // An end that was given and is past holds.
      const employedUntil = earlier(employee.employedUntil, until);
      await this.set(manager, employee, { active: false, deactivatedAt: at, employedUntil });
      await this.audit(manager, employee, 'employee.deactivate', by);
      return employee;
    });
  }

  /**
   * Makes the employee's face match again.
   * @throws RollcallError NOT_FOUND, UNAVAILABLE; FACE_ALREADY_ENROLLED if the face was enrolled for somebody else
   *   meanwhile
   */
  reactivate(employeeId: string, by: Actor): Promise<Employee> {
    return this.changes.run(async (transaction) => {
      const { manager, touch } = transaction;
      const employee = await lockPerson(manager, employeeId);
      if (employee.active) return employee;
      await this.refuseDuplicates(transaction, employee);
      await touch(employee.id);
      await this.set(manager, employee, { active: true, deactivatedAt: null, employedUntil: null });
      await this.audit(manager, employee, 'employee.reactivate', by);
      return employee;
    });
  }

  private async refuseDuplicates(
    { manager, refuseDuplicate }: TemplateTransaction,
    { id }: Employee,
  ): Promise<void> {
    const templates = await manager.findBy(FaceTemplate, { employeeId: id, duplicateAllowed: false });
    const opened = templates.map((template) => this.vault.opened(template));
    for (const probe of probesOf(opened, this.models)) await refuseDuplicate(probe, id);
  }

  private async set(
    manager: EntityManager,
    employee: Employee,
    values: Pick<Employee, 'active' | 'deactivatedAt' | 'employedUntil'>,
  ): Promise<void> {
    await manager.update(Employee, { id: employee.id }, values);
    Object.assign(employee, values);
  }

  private audit(
    manager: EntityManager,
    { id: employeeId }: Employee,
    action: 'employee.deactivate' | 'employee.reactivate',
    by: Actor,
  ): Promise<void> {
    return recordAudit(manager, { ...by, action, employeeId, at: this.now() });
  }
}

const earlier = (a: string | null, b: string): string => (a !== null && a < b ? a : b);
