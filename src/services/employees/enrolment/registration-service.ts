import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { foreignKeyViolation, uniqueViolation } from '../../../database/errors';
import { Employee } from '../../../entities/employee.entity';
import type { LocalDate } from '../../../entities/local-scalars';
import { badInput, conflict } from '../../../errors';
import type { Actor } from '../../audit/actor';
import { recordAudits } from '../../audit/audit-log';
import { auditConsent, checkConsent, consentColumns, requireConsent, type ConsentGiven } from '../consent';
import { dateIn } from '../../dates/dates';
import type { EmployeeService } from '../employee-service';
import { beginOffices } from '../office-history';
import { noSuchOffice, type OfficeService } from '../../offices/office-service';
import type { ReplayGuard } from '../../faces/replay/replay-guard';
import { refOf, type ImageRef } from '../../photos/local/image-owner';
import { faceImagePath } from '../../photos/local/media-paths';
import type { StorageService } from '../../photos/storage-service';
import type { TemplateVault } from '../../faces/matching/template-vault';
import { folded } from '../../text/folded';
import type { EnrolmentFaces, EnrolmentInput } from './enrolment-faces';
import {
  insertTemplate,
  keepBeside,
  leased,
  newTemplates,
  samplesOf,
  withPhotos,
  type NewTemplate,
} from './new-templates';
import type { TemplateChanges } from './template-changes';

export interface Registration extends EnrolmentInput {
  readonly name: string;
  /** The company's own id. */
  readonly employeeId: string;
  readonly officeId?: string | null | undefined;
  /** The first day of employment; left out: today, in the office's time zone. */
  readonly employedFrom?: LocalDate | null | undefined;
}

interface RegistrationOptions {
  readonly storage: StorageService;
  readonly offices: OfficeService;
  readonly employees: EmployeeService;
  readonly changes: TemplateChanges;
  readonly faces: EnrolmentFaces;
  readonly replays: ReplayGuard;
  readonly vault: TemplateVault;
  /** REQUIRE_CONSENT. */
  readonly consentRequired: boolean;
  readonly now: () => Date;
}

/** See services/privacy/erasure/forget-person.ts. */
const RESERVED_ID = /^erased-/i;

const taken = (employeeId: string) =>
  conflict(
    'employeeId',
    `The employeeId "${employeeId}" is already in use (upper and lower case are the same)`,
  );

/** What goes into the rows of a new employee. */
interface NewEmployee {
  readonly employee: Employee;
  /** The first one's photo is the employee's own. */
  readonly templates: readonly NewTemplate[];
  /** For which the uploader leaves the photos to the request. */
  readonly leaseSeconds: number;
  readonly consent: ConsentGiven | null;
  readonly by: Actor;
}

/** Enrols employees. */
export class RegistrationService {
  constructor(private readonly options: RegistrationOptions) {}

  /**
   * Enrols a person: the photos on disk, then one transaction for the employee and the templates, then the CDN.
   * @param by who enrols
   * @param rowId of the new employee; no client can choose it
   * @throws RollcallError BAD_USER_INPUT, NOT_FOUND (office), CONFLICT (employeeId), FACE_ALREADY_ENROLLED,
   *   UNAVAILABLE; nothing is left behind then
   */
  async register(input: Registration, by: Actor, rowId = uuidv7()): Promise<Employee> {
    const { storage, offices, employees, faces, consentRequired, now } = this.options;
    // Reserved for pseudonyms: if somebody has such a name, an erasure cannot finish.
    if (RESERVED_ID.test(input.employeeId)) throw badInput('employeeId', 'must not begin with "erased-"');
    const consent = input.consent ?? null;
    requireConsent(null, consent, consentRequired);
    checkConsent(consent, now());
    const enrolled = await faces.read(input);
    const office = input.officeId == null ? null : await offices.get(input.officeId, 'officeId');
    // Asked first so that the usual conflict costs no disk write; the unique index decides if two race.
    if ((await employees.find(input.employeeId)) !== null) throw taken(input.employeeId);

    const employee = Object.assign(new Employee(), {
      id: rowId,
      name: input.name,
      nameKey: folded(input.name),
      employeeId: input.employeeId,
      employeeIdKey: folded(input.employeeId),
      officeId: office?.id ?? null,
      office,
      active: true,
      image: { path: faceImagePath(input.employeeId), cloudinaryUrl: null, cloudinaryId: null },
      ...(consent === null ? {} : consentColumns(consent)),
      createdAt: now(),
      employedFrom: input.employedFrom ?? dateIn(office?.timeZone ?? 'UTC', now()),
      employedUntil: null,
    });
    const templates = newTemplates(enrolled, {
      duplicateAllowed: input.allowDuplicateFace ?? false,
      createdAt: employee.createdAt,
    });
    const leaseSeconds = storage.inlineLeaseSeconds;
    const refs = await this.enrol({ employee, templates, leaseSeconds, consent, by });
    await storage.local.confirm(faceImagePath(employee.employeeId));
    const [copied] = await Promise.all(
      refs.map((ref, i) => storage.copyNow(ref, photoOf(templates[i]), leaseSeconds)),
    );
    Object.assign(employee.image, copied);
    return employee;
  }

  /** @returns what the photos belong to, in the order of the templates */
  private async enrol(person: NewEmployee): Promise<readonly ImageRef[]> {
    const { storage, changes, replays } = this.options;
    const { employee, templates, by } = person;
    const [first, ...further] = templates;
    const staged = await storage.local.stage(photoOf(first), faceImagePath(employee.employeeId));
    try {
      return await withPhotos(storage.local, further, () =>
        changes.run(async ({ manager, touch, refuseDuplicate }) => {
          // If two registrations of one employeeId race, the second gets this error, and not that the face is enrolled.
          if ((await this.options.employees.find(employee.employeeId, manager)) !== null) {
            throw taken(employee.employeeId);
          }
          // An employee whose employeeId got a suffix still has the photo with the old name; see migration name-keys.
          const { path } = employee.image;
          if (path !== null && (await manager.existsBy(Employee, { image: { path } }))) {
            throw taken(employee.employeeId);
          }
          for (const { face, template } of templates) {
            if (!template.duplicateAllowed) await refuseDuplicate(face.probe, employee.id);
          }
          await touch(employee.id);
          const refs = await this.insert(manager, person);
          await replays.remember(manager, samplesOf(templates), by);
          // The photo's name is the employeeId's, which is ours only once the row has passed the unique index: a
          // loser must not overwrite the winner's photo. Before the commit, so that no row points at a missing file;
          // if the commit fails, housekeeping finds the file.
          await storage.local.publish(staged);
          await this.audit(manager, person);
          return refs;
        }),
      );
    } catch (error) {
      await storage.local.discard(staged);
      if (uniqueViolation(error) === 'employees_employee_id_key') throw taken(employee.employeeId);
      if (foreignKeyViolation(error) === 'employees_office_id_fkey') throw noSuchOffice('officeId');
      throw error;
    }
  }

  private async insert(manager: EntityManager, person: NewEmployee): Promise<ImageRef[]> {
    const { employee, templates, leaseSeconds } = person;
    const { id } = employee;
    // `insert` leaves the defaults of the upload's columns to the database, whose clock leases are kept in.
    await manager.insert(Employee, {
      ...employee,
      image: { ...employee.image, uploadNextAt: leased(leaseSeconds) },
    });
    await beginOffices(manager, employee, { by: person.by, at: employee.createdAt });
    const refs: ImageRef[] = [];
    for (const added of templates) {
      await insertTemplate(manager, this.options.vault, added, id);
      const own = refs.length === 0 ? refOf('employees', id, employee.image) : null;
      refs.push(own ?? (await keepBeside(manager, added, leaseSeconds)));
    }
    return refs;
  }

  /** Last in the transaction: the end of the audit chain is locked for a moment only. */
  private async audit(
    manager: EntityManager,
    { employee, templates, consent, by }: NewEmployee,
  ): Promise<void> {
    const { id: employeeId, createdAt: at } = employee;
    await recordAudits(
      manager,
      templates.map(({ template }) => ({
        ...by,
        action: 'employee.register' as const,
        employeeId,
        details: { templateId: template.id, allowDuplicateFace: template.duplicateAllowed },
        at,
      })),
    );
    if (consent !== null) await auditConsent(manager, employeeId, consent, by, at);
  }
}

const photoOf = (added: NewTemplate | undefined): Buffer => (added as NewTemplate).face.photo.jpeg;
