import type { EntityManager } from 'typeorm';
import { v7 as uuidv7, validate as isUuid } from 'uuid';
import { Employee } from '../../entities/employee.entity';
import { FacePhoto } from '../../entities/face-photo.entity';
import { FaceTemplate, TemplateSource } from '../../entities/face-template.entity';
import { refusedByServer } from '../../database/errors';
import { badInput, conflict, notFound, RollcallError } from '../../errors';
import { recordAudit, type AuditAction } from '../audit-log';
import type { DescriptorModel } from '../matching/descriptor-model';
import { encodeTemplate, type Descriptor } from '../matching/descriptor';
import type { MatchingService } from '../matching/matching-service';
import { discardImage } from '../storage/discarded-images';
import type { ImageRef } from '../storage/image-owner';
import { templateImagePath } from '../storage/media-paths';
import type { PhotoInput, StorageService } from '../storage/storage-service';
import type { TemplateChanges } from './template-changes';

/** Most templates an employee may have: more do not make matching better, only slower. */
export const MAX_TEMPLATES = 10;

export interface NewTemplate extends PhotoInput {
  /** The company's own id. */
  readonly employeeId: string;
  /** As it was sent. */
  readonly faceDescriptor?: unknown;
  /** Enrol the face although another employee's matches it (twins). */
  readonly allowDuplicateFace?: boolean | undefined;
}

/** A new template and the employee whose it is. */
export interface EnrolledTemplate {
  readonly employee: Employee;
  readonly template: FaceTemplate;
}

export interface TemplateServiceParts {
  readonly storage: StorageService;
  readonly changes: TemplateChanges;
  readonly matching: MatchingService;
  readonly model: DescriptorModel;
  /** Similarity that a further template must have with the employee's others. */
  readonly samePersonMin: number;
  readonly now: () => Date;
}

/** The templates of an employee: adding, removing, replacing them. */
export class TemplateService {
  constructor(private readonly parts: TemplateServiceParts) {}

  /**
   * Adds a template with its photo to an active employee's.
   * @throws RollcallError BAD_USER_INPUT (also where it is another person's face), NOT_FOUND, CONFLICT (too many),
   *   FACE_ALREADY_ENROLLED
   */
  add(input: NewTemplate): Promise<EnrolledTemplate> {
    return this.enrol(input, {
      action: 'face-template.add',
      prepare: async (manager, employee, descriptor) => {
        if ((await manager.countBy(FaceTemplate, { employeeId: employee.id })) >= MAX_TEMPLATES) {
          throw conflict(
            'employeeId',
            `An employee has at most ${MAX_TEMPLATES} templates; remove one first`,
          );
        }
        this.requireSamePerson(employee, descriptor);
      },
      keepPhoto: this.keepBeside,
    });
  }

  /**
   * Takes all templates of an active employee out and one new in, whose photo becomes the employee's.
   * @throws RollcallError BAD_USER_INPUT, NOT_FOUND, FACE_ALREADY_ENROLLED
   */
  replace(input: NewTemplate): Promise<EnrolledTemplate> {
    return this.enrol(input, {
      action: 'face-template.replace-all',
      prepare: (manager, employee) => this.dropAll(manager, employee.id),
      keepPhoto: this.keepInstead,
    });
  }

  /**
   * Removes a template, its photo and the photo's copies.
   * @returns the employee whose it was
   * @throws RollcallError NOT_FOUND; CONFLICT for the last one
   */
  async remove(templateId: string): Promise<Employee> {
    const missing = notFound('templateId', 'there is no template with this id');
    if (!isUuid(templateId)) throw missing;
    const { changes, now } = this.parts;
    return changes.run(async ({ manager, touch }) => {
      const template = await manager.findOneBy(FaceTemplate, { id: templateId });
      if (template === null) throw missing;
      const { employeeId } = template;
      if ((await manager.countBy(FaceTemplate, { employeeId })) === 1) {
        throw conflict(
          'templateId',
          'This is the last template of the employee; replaceFace enrols another in its place',
        );
      }
      await touch(employeeId);
      await this.drop(manager, templateId);
      await recordAudit(manager, 'face-template.remove', employeeId, { templateId }, now());
      return manager.findOneByOrFail(Employee, { id: employeeId });
    });
  }

  private async enrol(
    input: NewTemplate,
    { action, prepare, keepPhoto }: Enrolment,
  ): Promise<EnrolledTemplate> {
    const { storage, changes, model, now } = this.parts;
    const descriptor = model.read(input.faceDescriptor);
    const photo = await storage.readPhoto(input);
    const allowDuplicate = input.allowDuplicateFace ?? false;
    const template = Object.assign(new FaceTemplate(), {
      id: uuidv7(),
      vector: encodeTemplate(descriptor),
      dimension: descriptor.length,
      modelId: model.id,
      source: TemplateSource.CLIENT,
      duplicateAllowed: allowDuplicate,
      createdAt: now(),
    });
    const path = templateImagePath(template.id);
    const leaseSeconds = storage.inlineLeaseSeconds;
    // Durable before the row that names it; the name is this template's own, so it can go where that fails.
    await storage.local.writeDurable(photo.jpeg, path);
    const { employee, ref } = await changes
      .run(async ({ manager, touch, refuseDuplicate }) => {
        const employee = await activeEmployee(manager, input.employeeId);
        if (!allowDuplicate) await refuseDuplicate(descriptor, employee.id);
        await touch(employee.id);
        await prepare(manager, employee, descriptor);
        await manager.insert(FaceTemplate, { ...template, employeeId: employee.id });
        const ref = await keepPhoto(manager, employee, { templateId: template.id, path, leaseSeconds });
        const details = { templateId: template.id, allowDuplicateFace: allowDuplicate };
        await recordAudit(manager, action, employee.id, details, template.createdAt);
        return { employee, ref };
      })
      .catch(async (error: unknown) => {
        // Where the database did not answer it is not known whether it was committed; housekeeping finds out.
        if (error instanceof RollcallError || refusedByServer(error)) await storage.local.remove(path);
        throw error;
      });
    const copied = await storage.copyNow(ref, photo.jpeg, leaseSeconds);
    if (ref.owner === 'employees') Object.assign(employee.image, NOT_UPLOADED, { path }, copied);
    return { employee, template };
  }

  /** @throws RollcallError BAD_USER_INPUT where the face is less like the employee's others than one person's are */
  private requireSamePerson(employee: Employee, descriptor: Descriptor): void {
    const { similarity } = this.parts.matching.verify(employee.id, descriptor);
    const { samePersonMin } = this.parts;
    if (similarity === null || similarity >= samePersonMin) return;
    throw badInput(
      'faceDescriptor',
      `agrees with the employee's templates only to ${similarity.toFixed(3)}, at least ${samePersonMin} is needed; ` +
        'if the face is right and the old ones are wrong, use replaceFace',
    );
  }

  /** Lets go of every template: those of another model too, since the new one stands for the person from now on. */
  private async dropAll(manager: EntityManager, employeeId: string): Promise<void> {
    for (const { id } of await manager.findBy(FaceTemplate, { employeeId })) await this.drop(manager, id);
  }

  private async drop(manager: EntityManager, templateId: string): Promise<void> {
    const photo = await manager.findOneBy(FacePhoto, { id: templateId });
    if (photo !== null) {
      const ref = { owner: 'face_photos', id: templateId, path: photo.image.path } as const;
      await discardImage(manager, this.parts.storage.discardOf(ref, photo.image));
    }
    await manager.delete(FaceTemplate, { id: templateId });
  }

  /** A further template's photo stands beside the employee's. */
  private readonly keepBeside: KeepPhoto = async (
    manager,
    _employee,
    { templateId: id, path, leaseSeconds },
  ) => {
    await manager.insert(FacePhoto, { id, image: { path, uploadNextAt: leased(leaseSeconds) } });
    return { owner: 'face_photos', id, path };
  };

  /** The photo becomes the employee's in place of the old one. */
  private readonly keepInstead: KeepPhoto = async (manager, { id, image }, { path, leaseSeconds }) => {
    const old = { owner: 'employees', id, path: image.path } as const;
    await discardImage(manager, this.parts.storage.discardOf(old, image));
    const fresh = { ...NOT_UPLOADED, path, uploadNextAt: leased(leaseSeconds) };
    await manager.update(Employee, { id }, { image: fresh });
    return { owner: 'employees', id, path };
  };
}

/** The columns of a photo that no upload has been tried of. */
const NOT_UPLOADED = {
  cloudinaryUrl: null,
  cloudinaryId: null,
  uploadAttempts: 0,
  uploadError: null,
  uploadGivenUpAt: null,
};

/** In the database's time, which leases are kept in. */
const leased = (seconds: number) => () => `now() + ${seconds} * interval '1 second'`;

interface NewPhoto {
  readonly templateId: string;
  readonly path: string;
  readonly leaseSeconds: number;
}

type KeepPhoto = (manager: EntityManager, employee: Employee, photo: NewPhoto) => Promise<ImageRef>;

/** What differs between adding a template and replacing all. */
interface Enrolment {
  readonly action: AuditAction;
  readonly prepare: (manager: EntityManager, employee: Employee, descriptor: Descriptor) => Promise<void>;
  readonly keepPhoto: KeepPhoto;
}

async function activeEmployee(manager: EntityManager, employeeId: string): Promise<Employee> {
  const employee = await manager
    .createQueryBuilder(Employee, 'e')
    .where('lower(e.employee_id) = lower(:employeeId) AND e.active', { employeeId })
    .getOne();
  if (employee === null) throw notFound('employeeId', 'there is no active employee with this employeeId');
  return employee;
}
