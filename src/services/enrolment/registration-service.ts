import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { foreignKeyViolation, uniqueViolation } from '../../database/errors';
import { Employee } from '../../entities/employee.entity';
import { FaceTemplate, TemplateSource } from '../../entities/face-template.entity';
import { conflict } from '../../errors';
import { recordAudit } from '../audit-log';
import type { EmployeeService } from '../employee-service';
import { encodeTemplate, type Descriptor } from '../matching/descriptor';
import type { DescriptorModel } from '../matching/descriptor-model';
import { noSuchOffice, type OfficeService } from '../office-service';
import { faceImagePath } from '../storage/media-paths';
import type { PhotoInput, StorageService } from '../storage/storage-service';
import type { TemplateChanges } from './template-changes';

export interface Registration extends PhotoInput {
  readonly name: string;
  /** The company's own id. */
  readonly employeeId: string;
  readonly officeId?: string | null | undefined;
  /** As it was sent. */
  readonly faceDescriptor?: unknown;
  /** Enrol the face although another employee's matches it (twins). */
  readonly allowDuplicateFace?: boolean | undefined;
}

export interface RegistrationServiceParts {
  readonly storage: StorageService;
  readonly offices: OfficeService;
  readonly employees: EmployeeService;
  readonly changes: TemplateChanges;
  readonly model: DescriptorModel;
  readonly now: () => Date;
}

const taken = (employeeId: string) =>
  conflict('employeeId', `The employeeId "${employeeId}" is taken (upper and lower case are the same)`);

/** What goes into the rows of a new employee. */
interface NewEmployee {
  readonly employee: Employee;
  readonly descriptor: Descriptor;
  readonly allowDuplicateFace: boolean;
  /** For which the uploader leaves the photo to the request. */
  readonly leaseSeconds: number;
}

/** Enrols employees. */
export class RegistrationService {
  constructor(private readonly parts: RegistrationServiceParts) {}

  /**
   * Enrols a person: the photo on disk, then one transaction for the employee and the template, then the CDN.
   * @throws RollcallError BAD_USER_INPUT, NOT_FOUND (office), CONFLICT (employeeId), FACE_ALREADY_ENROLLED; nothing
   *   is left behind then
   */
  async register(input: Registration): Promise<Employee> {
    const { storage, offices, employees, model, now } = this.parts;
    const descriptor = model.read(input.faceDescriptor);
    const photo = await storage.readPhoto(input);
    const office = input.officeId == null ? null : await offices.get(input.officeId, 'officeId');
    // Asked first so that the usual conflict costs no disk write; the unique index decides where two race.
    if ((await employees.find(input.employeeId)) !== null) throw taken(input.employeeId);

    const employee = Object.assign(new Employee(), {
      id: uuidv7(),
      name: input.name,
      employeeId: input.employeeId,
      officeId: office?.id ?? null,
      office,
      active: true,
      image: { path: faceImagePath(input.employeeId), cloudinaryUrl: null, cloudinaryId: null },
      createdAt: now(),
    });
    const leaseSeconds = storage.inlineLeaseSeconds;
    const allowDuplicateFace = input.allowDuplicateFace ?? false;
    await this.enrol({ employee, descriptor, allowDuplicateFace, leaseSeconds }, photo.jpeg);
    const ref = { owner: 'employees', id: employee.id, path: employee.image.path } as const;
    Object.assign(employee.image, await storage.copyNow(ref, photo.jpeg, leaseSeconds));
    return employee;
  }

  private async enrol(person: NewEmployee, jpeg: Buffer): Promise<void> {
    const { storage, changes } = this.parts;
    const { employee, descriptor, allowDuplicateFace } = person;
    const staged = await storage.local.stage(jpeg);
    try {
      await changes.run(async ({ manager, touch, refuseDuplicate }) => {
        // Of two racing registrations of one employeeId the second is told that, rather than that the face is known.
        if ((await this.parts.employees.find(employee.employeeId, manager)) !== null) {
          throw taken(employee.employeeId);
        }
        if (!allowDuplicateFace) await refuseDuplicate(descriptor, employee.id);
        await touch(employee.id);
        await this.insert(manager, person);
        // The photo's name is the employeeId's, which is ours only once the row has passed the unique index: a
        // loser must not overwrite the winner's photo. Before the commit, so that no row points at a missing file;
        // if the commit fails, housekeeping finds the file.
        await storage.local.publish(staged, employee.image.path);
      });
    } catch (error) {
      await storage.local.discard(staged);
      if (uniqueViolation(error) === 'employees_employee_id_key') throw taken(employee.employeeId);
      if (foreignKeyViolation(error) === 'employees_office_id_fkey') throw noSuchOffice('officeId');
      throw error;
    }
  }

  private async insert(manager: EntityManager, person: NewEmployee): Promise<void> {
    const { employee, descriptor, allowDuplicateFace, leaseSeconds } = person;
    // `insert` leaves the defaults of the upload's columns to the database, whose clock leases are kept in.
    await manager.insert(Employee, {
      ...employee,
      image: { ...employee.image, uploadNextAt: () => `now() + ${leaseSeconds} * interval '1 second'` },
    });
    const templateId = uuidv7();
    await manager.insert(FaceTemplate, {
      id: templateId,
      employeeId: employee.id,
      vector: encodeTemplate(descriptor),
      dimension: descriptor.length,
      modelId: this.parts.model.id,
      source: TemplateSource.CLIENT,
      duplicateAllowed: allowDuplicateFace,
      createdAt: employee.createdAt,
    });
    const details = { templateId, allowDuplicateFace };
    await recordAudit(manager, 'employee.register', employee.id, details, employee.createdAt);
  }
}
