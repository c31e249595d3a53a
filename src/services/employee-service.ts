import type { Logger } from 'pino';
import type { DataSource, Repository, SelectQueryBuilder } from 'typeorm';
import { v7 as uuidv7, validate as isUuid } from 'uuid';
import { foreignKeyViolation, uniqueViolation } from '../database/errors';
import { Employee, EMPLOYEE_ID_PATTERN } from '../entities/employee.entity';
import { FaceTemplate } from '../entities/face-template.entity';
import { badInput, conflict, notFound } from '../errors';
import { DEFAULT_MODEL_ID, encodeTemplate, type Descriptor } from './matching/descriptor';
import { recordGalleryChange, type GallerySync } from './matching/gallery-sync';
import { noSuchOffice, type OfficeService } from './office-service';
import { checkFirst, Cursors, type Page, type PageRequest } from './paging';
import { faceImagePath } from './storage/media-paths';
import type { PhotoInput, StorageService } from './storage/storage-service';

export interface Registration extends PhotoInput {
  readonly name: string;
  readonly employeeId: string;
  readonly officeId?: string | null | undefined;
  readonly faceDescriptor?: Descriptor | null | undefined;
}

export interface EmployeeFilter {
  readonly officeId?: string | null | undefined;
  /** Part of the name or the employeeId; every character stands for itself. */
  readonly search?: string | null | undefined;
}

/** What of an employee is to change; undefined leaves a value, a null office takes the employee out of theirs. */
export interface EmployeeChanges {
  readonly name?: string | undefined;
  readonly officeId?: string | null | undefined;
}

/** The order of employee lists; the index employees_name_order has it too. */
const NAME_ORDER = 'lower(e.name) COLLATE "C"';

const taken = (employeeId: string) =>
  conflict('employeeId', `The employeeId "${employeeId}" is taken (upper and lower case are the same)`);

/** A key is a name; neither control characters nor broken surrogates are in one. */
const cursors = new Cursors('employees', (name) => name.length <= 400 && !/[\p{Cc}\p{Cs}]/u.test(name));

/** Employees: enrolment, changes and lists. */
export class EmployeeService {
  private readonly employees: Repository<Employee>;

  constructor(
    private readonly dataSource: DataSource,
    private readonly storage: StorageService,
    private readonly offices: OfficeService,
    private readonly gallerySync: GallerySync,
    private readonly now: () => Date,
    private readonly log: Logger,
  ) {
    this.employees = dataSource.getRepository(Employee);
  }

  /**
   * Enrols a person: the photo on disk, then one transaction for the employee and the template, then the CDN.
   * @throws RollcallError BAD_USER_INPUT, NOT_FOUND (office), CONFLICT (employeeId); nothing is left behind then
   */
  async register(input: Registration): Promise<Employee> {
    const { faceDescriptor: descriptor } = input;
    if (descriptor === undefined || descriptor === null) {
      throw badInput('faceDescriptor', 'is required: this server does not compute descriptors from photos');
    }
    const photo = await this.storage.readPhoto(input);
    const office = input.officeId == null ? null : await this.offices.get(input.officeId, 'officeId');
    // Asked first so that the usual conflict costs no disk write; the unique index decides where two race.
    if ((await this.find(input.employeeId)) !== null) throw taken(input.employeeId);

    const employee = this.employees.create({
      id: uuidv7(),
      name: input.name,
      employeeId: input.employeeId,
      officeId: office?.id ?? null,
      office,
      active: true,
      image: { path: faceImagePath(input.employeeId), cloudinaryUrl: null, cloudinaryId: null },
      createdAt: this.now(),
    });
    const lease = this.storage.inlineLeaseSeconds;
    await this.enrol(employee, descriptor, photo.jpeg, lease);
    // The version check of every match would catch up as well; this keeps the first check from waiting for it.
    await this.gallerySync.catchUp().catch((error: unknown) => {
      this.log.warn({ err: error }, 'The new template is loaded by the next check');
    });
    const copied = await this.storage.copyNow({ owner: 'employees', id: employee.id }, photo.jpeg, lease);
    Object.assign(employee.image, copied);
    return employee;
  }

  private async enrol(
    employee: Employee,
    descriptor: Descriptor,
    jpeg: Buffer,
    lease: number,
  ): Promise<void> {
    const { local } = this.storage;
    const staged = await local.stage(jpeg);
    try {
      await this.dataSource.transaction(async (manager) => {
        await recordGalleryChange(manager, employee.id);
        // `insert` leaves the defaults of the upload's columns to the database, whose clock leases are kept in.
        await manager.insert(Employee, {
          ...employee,
          image: { ...employee.image, uploadNextAt: () => `now() + ${lease} * interval '1 second'` },
        });
        await manager.insert(FaceTemplate, {
          id: uuidv7(),
          employeeId: employee.id,
          vector: encodeTemplate(descriptor),
          dimension: descriptor.length,
          modelId: DEFAULT_MODEL_ID,
          source: 'client',
          createdAt: employee.createdAt,
        });
        // The photo's name is the employeeId's, which is ours only once the row has passed the unique index: a
        // loser must not overwrite the winner's photo. Before the commit, so that no row points at a missing file;
        // if the commit fails, housekeeping finds the file.
        await local.publish(staged, employee.image.path);
      });
    } catch (error) {
      await local.discard(staged);
      if (uniqueViolation(error) === 'employees_employee_id_key') throw taken(employee.employeeId);
      if (foreignKeyViolation(error) === 'employees_office_id_fkey') throw noSuchOffice('officeId');
      throw error;
    }
  }

  /** The employee with the company's id, upper and lower case being the same. */
  async find(employeeId: string): Promise<Employee | null> {
    // A text that no employeeId can be is nobody's.
    if (!EMPLOYEE_ID_PATTERN.test(employeeId)) return null;
    return this.employees
      .createQueryBuilder('e')
      .where('lower(e.employee_id) = lower(:employeeId)', { employeeId })
      .getOne();
  }

  /** @throws RollcallError NOT_FOUND (employee or office) */
  async update(employeeId: string, changes: EmployeeChanges): Promise<Employee> {
    const office = changes.officeId == null ? null : await this.offices.get(changes.officeId, 'officeId');
    const employee = await this.find(employeeId);
    if (employee === null) throw notFound('employeeId: there is no employee with this employeeId');
    const values = {
      ...(changes.name === undefined ? {} : { name: changes.name }),
      ...(changes.officeId === undefined ? {} : { officeId: office?.id ?? null }),
    };
    try {
      if (Object.keys(values).length > 0) await this.employees.update({ id: employee.id }, values);
    } catch (error) {
      if (foreignKeyViolation(error) === 'employees_office_id_fkey') throw noSuchOffice('officeId');
      throw error;
    }
    return Object.assign(employee, values);
  }

  /**
   * Employees by name, then id.
   * @throws RollcallError BAD_USER_INPUT for `first` and `after`
   */
  async list(filter: EmployeeFilter, { first, after }: PageRequest): Promise<Page<Employee>> {
    checkFirst(first);
    const page = this.filtered(filter)
      .orderBy(NAME_ORDER, 'ASC')
      .addOrderBy('e.id', 'ASC')
      .limit(first + 1);
    if (after != null) {
      const [name, id] = cursors.decode(after);
      page.andWhere(`(${NAME_ORDER}, e.id) > (lower(:name) COLLATE "C", :id::uuid)`, { name, id });
    }
    const rows = await page.getMany();
    return {
      rows: rows.slice(0, first),
      hasNextPage: rows.length > first,
      hasPreviousPage: after != null,
      cursorOf: (employee) => cursors.encode([employee.name, employee.id]),
      totalCount: () => this.filtered(filter).getCount(),
    };
  }

  private filtered({ officeId, search }: EmployeeFilter): SelectQueryBuilder<Employee> {
    const query = this.employees.createQueryBuilder('e');
    if (officeId != null) {
      if (isUuid(officeId)) query.andWhere('e.office_id = :officeId', { officeId });
      else query.andWhere('false');
    }
    if (search != null && search !== '') {
      const pattern = `%${search.replace(/[\\%_]/g, '\\$&')}%`;
      query.andWhere('(e.name ILIKE :pattern OR e.employee_id ILIKE :pattern)', { pattern });
    }
    return query;
  }
}
