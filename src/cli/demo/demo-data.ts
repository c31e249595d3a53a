import { setTimeout as wait } from 'node:timers/promises';
import { In, IsNull, Not, type Repository } from 'typeorm';
import { Employee } from '../../entities/employee.entity';
import { Erasure } from '../../entities/erasure.entity';
import { Office } from '../../entities/office.entity';
import { RollcallError } from '../../errors';
import type { Actor } from '../../services/audit/actor';
import type { RegistrationService } from '../../services/employees/enrolment/registration-service';
import { erasureProgress } from '../../services/privacy/erasure/erasure-progress';
import type { ErasureService } from '../../services/privacy/erasure/erasure-service';
import type { OfficeService } from '../../services/offices/office-service';
import type { Orphans } from '../../services/photos/local/orphans';
import { OperatorError } from '../operator-error';
import type { ProgressBar } from '../progress-bar';
import type { DemoIds } from './demo-ids';
import { DemoPlans } from './demo-hours';
import { planHours, type DemoHours } from './demo-hours-plan';
import { DEMO_OFFICE, DEMO_PEOPLE, planPunches, type DemoPerson, type PlannedPunch } from './demo-plan';
import { DemoPunches, type DemoPunchServices } from './demo-punches';

/** The requester of the demo in the audit trail. */
const DEMO: Actor = { caller: 'demo', address: null };

const CONSENT = { version: 'demo', recordedBy: 'npm run demo' };
const LOOK_EVERY_MS = 100;

export interface DemoServices extends DemoPunchServices {
  readonly registration: RegistrationService;
  readonly offices: OfficeService;
  readonly erasures: ErasureService;
  readonly orphans: Orphans;
  /** Time zone of a new office. */
  readonly timeZone: string;
  readonly now: () => Date;
}

export interface DemoCounts {
  offices: number;
  people: number;
  punches: number;
}

/** Adds the people, the office and the punches of the demo, and removes them. */
export class DemoData {
  private readonly employees: Repository<Employee>;
  private readonly officeRows: Repository<Office>;
  private readonly punches: DemoPunches;
  private readonly plans: DemoPlans;

  constructor(
    private readonly demo: DemoServices,
    private readonly ids: DemoIds,
  ) {
    const { dataSource } = demo;
    this.employees = dataSource.getRepository(Employee);
    this.officeRows = dataSource.getRepository(Office);
    this.punches = new DemoPunches(demo, ids);
    this.plans = new DemoPlans(dataSource, ids);
  }

  /**
   * Adds missing data. The next run completes an interrupted one.
   * @param signal stops it after the current step
   * @returns what was added
   * @throws OperatorError if anybody else is enrolled
   */
  async add(progress: Pick<ProgressBar, 'begin' | 'step'>, signal: AbortSignal): Promise<DemoCounts> {
    await this.refuseOthers();
    const added: DemoCounts = { offices: 0, people: 0, punches: 0 };
    const there = await this.people();
    const office = await this.officeRows.findOneBy({ id: this.ids.office });
    const hours = await this.hours(office?.timeZone ?? this.demo.timeZone);
    const planned = planPunches(this.demo.now(), office?.timeZone ?? this.demo.timeZone);
    // Ordinary days come first: those before them follow from the first of them.
    const missing = await this.punches.missing([...planned, ...hours.punches]);
    progress.begin((office === null ? 1 : 0) + DEMO_PEOPLE.length - there.size + missing.length);
    if (office === null) {
      await this.addOffice();
      added.offices++;
      progress.step(DEMO_OFFICE);
    }
    for (const person of DEMO_PEOPLE) {
      signal.throwIfAborted();
      if (there.has(person.employeeId)) continue;
      there.set(person.employeeId, await this.enrol(person));
      added.people++;
      progress.step(person.name);
    }
    await this.plans.add(hours, this.demo.now());
    for (const punch of missing) {
      signal.throwIfAborted();
      await this.punches.write(punch, there.get(punch.person.employeeId) as Employee);
      added.punches++;
      progress.step(`Punches of ${punch.at.toISOString().slice(0, 10)}`);
    }
    return added;
  }

  /**
   * Erases the people with all of their punches, and deletes the office. The erasure worker must be running.
   * @param patienceMs time limit for the erasures
   * @returns what was removed
   * @throws OperatorError if data is left, with the reason
   */
  async remove(progress: Pick<ProgressBar, 'begin' | 'step'>, patienceMs: number): Promise<DemoCounts> {
    const { demo, ids } = this;
    const people = await this.employees.findBy({ id: In(ids.employees) });
    const office = await this.officeRows.findOneBy({ id: ids.office });
    const punches = await this.punches.count();
    await this.removeLeftPhotos(office?.timeZone ?? demo.timeZone);
    progress.begin(people.length + (office === null ? 0 : 1));
    for (const { employeeId } of people) {
      await demo.erasures.request({ employeeId, keepAttendance: false }, DEMO);
    }
    const before = performance.now() + patienceMs;
    for (const { id, name } of people) {
      await this.erased(id, name, before);
      progress.step(name);
    }
    if (office !== null) {
      await this.deleteOffice(office);
      progress.step(office.name);
    }
    await this.plans.remove();
    return { offices: office === null ? 0 : 1, people: people.length, punches };
  }

  /** The days before the demo's ordinary ones. */
  private async hours(timeZone: string): Promise<DemoHours> {
    const [planned] = planPunches(this.demo.now(), timeZone);
    const first = (await this.punches.first()) ?? (planned as PlannedPunch).at;
    return planHours(first, timeZone);
  }

  /** Real people and the demo must not be in one database. */
  private async refuseOthers(): Promise<void> {
    const others = await this.employees.countBy({ id: Not(In(this.ids.employees)), erasedAt: IsNull() });
    if (others > 0) {
      const who = others === 1 ? '1 other employee is' : `${others} other employees are`;
      throw new OperatorError(`${who} enrolled; the demo can only be added to an empty installation`);
    }
  }

  /** @throws OperatorError if one of them is being erased, or was erased and kept the punches */
  private async people(): Promise<Map<string, Employee>> {
    const { dataSource } = this.demo;
    const rows = await this.employees.findBy({ id: In(this.ids.employees) });
    const open = await dataSource
      .getRepository(Erasure)
      .countBy({ subjectId: In(this.ids.employees), completedAt: IsNull() });
    if (open > 0 || rows.some(({ erasedAt }) => erasedAt !== null)) {
      throw new OperatorError('The employees of the demo are being erased. Run: npm run demo -- --remove');
    }
    return new Map(rows.map((row) => [row.employeeId, row]));
  }

  private addOffice(): Promise<Office> {
    // Without a geofence: a first try at the kiosk needs no position.
    const place = { latitude: null, longitude: null, radiusMeters: null };
    const { offices, timeZone } = this.demo;
    return offices.create(
      { name: DEMO_OFFICE, ...place, timeZone, allowVisitors: false },
      DEMO,
      this.ids.office,
    );
  }

  private async enrol({ name, employeeId, enrolledWith }: DemoPerson): Promise<Employee> {
    const { registration, photo, now } = this.demo;
    const photos = await Promise.all(enrolledWith.map(photo));
    return registration.register(
      {
        name,
        employeeId,
        officeId: this.ids.office,
        imagesBase64: photos.map((bytes) => bytes.toString('base64')),
        consent: { ...CONSENT, givenAt: now() },
      },
      DEMO,
      this.ids.employee(employeeId),
    );
  }

  /** A killed run may leave a photo without a row. An erasure would wait an hour before it removes such a file. */
  private async removeLeftPhotos(timeZone: string): Promise<void> {
    const { orphans, now } = this.demo;
    const { punches } = await this.hours(timeZone);
    for (const punch of await this.punches.missing([...planPunches(now(), timeZone), ...punches])) {
      await orphans.remove(this.punches.pathOf(punch));
    }
  }

  private async erased(subjectId: string, name: string, before: number): Promise<void> {
    const { manager } = this.demo.dataSource;
    for (;;) {
      const erasure = await manager.findOneBy(Erasure, { subjectId, completedAt: IsNull() });
      if (erasure === null) return;
      if (performance.now() > before) {
        const { lastError, photos, assets } = await erasureProgress(manager, erasure);
        throw new OperatorError(
          `${name} is not erased yet: ${lastError ?? `${photos} photos and ${assets} copies on the CDN are left`}. ` +
            'Run the command again to remove the rest',
        );
      }
      await wait(LOOK_EVERY_MS);
    }
  }

  private async deleteOffice({ id, name }: Office): Promise<void> {
    try {
      await this.demo.offices.delete(id, DEMO);
    } catch (error) {
      if (!(error instanceof RollcallError) || error.code !== 'CONFLICT') throw error;
      throw new OperatorError(`Could not delete the office "${name}": ${error.message}`);
    }
  }
}
