import { createHash } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { v5 as uuidv5, v7 as uuidv7 } from 'uuid';
import { DEMO_OFFICE, DEMO_PEOPLE, type PlannedPunch } from './demo-plan';

/**
 * The row ids of the demo in one installation. They are derived from the installation's id. So a second run finds the rows
 * of the first one, and `--remove` deletes nothing else, because a client cannot choose the id of a row.
 */
export class DemoIds {
  readonly office: string;
  /** By employeeId. */
  private readonly people: ReadonlyMap<string, string>;

  constructor(installation: string) {
    this.office = uuidv5(`demo/${DEMO_OFFICE}`, installation);
    this.people = new Map(
      DEMO_PEOPLE.map(({ employeeId }) => [employeeId, uuidv5(`demo/${employeeId}`, installation)]),
    );
  }

  static async read(dataSource: DataSource): Promise<DemoIds> {
    const [row] = await dataSource.query<{ id: string }[]>('SELECT id FROM installation');
    if (row === undefined) throw new Error('The installation has no id');
    return new DemoIds(row.id);
  }

  get employees(): readonly string[] {
    return [...this.people.values()];
  }

  employee(employeeId: string): string {
    const id = this.people.get(employeeId);
    if (id === undefined) throw new Error('No employee of the demo has this employeeId');
    return id;
  }

  /** Of a shift and other plans. */
  plan(name: string): string {
    return uuidv5(`demo/plans/${name}`, this.office);
  }

  /**
   * Version 7, like the ids of all punches, which contain the time. It is the same in every run, so that a photo that an
   * interrupted run left without a row is found by its name.
   */
  punch({ person, requestId, at }: PlannedPunch): string {
    const random = createHash('sha256').update(this.employee(person.employeeId)).update(requestId).digest();
    return uuidv7({ msecs: at.getTime(), random });
  }
}
