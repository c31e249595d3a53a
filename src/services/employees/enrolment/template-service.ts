import type { EntityManager } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { Employee } from '../../../entities/employee.entity';
import { FaceTemplate } from '../../../entities/face-template.entity';
import { conflict, notFound } from '../../../errors';
import { byEmployeeId } from '../lock-person';
import type { Actor } from '../../audit/actor';
import { recordAudit, recordAudits, type AuditAction } from '../../audit/audit-log';
import { auditConsent, checkConsent, consentColumns, requireConsent } from '../consent';
import type { MatchingService } from '../../faces/matching/matching-service';
import type { Thresholds } from '../../faces/matching/thresholds';
import type { ReplayGuard } from '../../faces/replay/replay-guard';
import type { ImageRef } from '../../photos/local/image-owner';
import type { StorageService } from '../../photos/storage-service';
import type { TemplateVault } from '../../faces/matching/template-vault';
import { dropEmployeePhoto, dropTemplate, dropTemplates, NO_IMAGE, type DiscardOf } from './drop-faces';
import type { EnrolledFace, EnrolmentFaces, EnrolmentInput } from './enrolment-faces';
import {
  insertTemplate,
  keepBeside,
  leased,
  newTemplates,
  samplesOf,
  withPhotos,
  type NewTemplate,
} from './new-templates';
import { requireSamePerson } from './same-person';
import type { TemplateChanges } from './template-changes';

/** Most templates an employee may have: more do not make matching better, only slower. */
const MAX_TEMPLATES = 10;

interface AddedFaces extends EnrolmentInput {
  /** The company's own id. */
  readonly employeeId: string;
}

/** The new templates, at least one, and the employee whose they are. */
export interface EnrolledTemplates {
  readonly employee: Employee;
  readonly templates: readonly FaceTemplate[];
}

interface TemplateServiceOptions {
  readonly storage: StorageService;
  readonly changes: TemplateChanges;
  readonly matching: MatchingService;
  readonly faces: EnrolmentFaces;
  readonly replays: ReplayGuard;
  readonly vault: TemplateVault;
  /** Also says how alike a further template must be to the employee's others. */
  readonly thresholds: Thresholds;
  /** REQUIRE_CONSENT. */
  readonly consentRequired: boolean;
  readonly now: () => Date;
}

/** The templates of an employee: adding, removing, replacing them. */
export class TemplateService {
  constructor(private readonly options: TemplateServiceOptions) {}

  /**
   * Adds templates with their photos to an active employee's.
   * @throws RollcallError BAD_USER_INPUT (also if it is another person's face), NOT_FOUND, CONFLICT (too many),
   *   FACE_ALREADY_ENROLLED
   */
  add(input: AddedFaces, by: Actor): Promise<EnrolledTemplates> {
    return this.enrol(input, by, {
      action: 'face-template.add',
      prepare: async (manager, employee, faces) => {
        const held = await manager.countBy(FaceTemplate, { employeeId: employee.id });
        if (held + faces.length > MAX_TEMPLATES) {
          throw conflict(
            'employeeId',
            `An employee can have at most ${MAX_TEMPLATES} templates. This one has ${held}; remove some first`,
          );
        }
        if (held > 0) for (const face of faces) requireSamePerson(this.options, employee, face);
      },
      keepFirst: this.keepBeside,
    });
  }

  /**
   * Takes all templates of an active employee out and new ones in; the first one's photo becomes the employee's.
   * @throws RollcallError BAD_USER_INPUT, NOT_FOUND, FACE_ALREADY_ENROLLED
   */
  replace(input: AddedFaces, by: Actor): Promise<EnrolledTemplates> {
    return this.enrol(input, by, {
      action: 'face-template.replace-all',
      prepare: async (manager, employee) =>
        void (await dropTemplates(manager, this.discardOf, { subjectId: employee.id })),
      keepFirst: this.keepInstead,
    });
  }

  /**
   * Removes a template, its photo and the photo's copies.
   * @returns the employee whose it was
   * @throws RollcallError NOT_FOUND; CONFLICT for the last one
   */
  async remove(templateId: string, by: Actor): Promise<Employee> {
    const missing = notFound('templateId', 'template not found');
    if (!isUuid(templateId)) throw missing;
    const { changes, now } = this.options;
    return changes.run(async ({ manager, touch }) => {
      const template = await manager.findOneBy(FaceTemplate, { id: templateId });
      if (template === null) throw missing;
      const { employeeId } = template;
      if ((await manager.countBy(FaceTemplate, { employeeId })) === 1) {
        throw conflict(
          'templateId',
          "This is the employee's last template. Use replaceFace to enrol another face, or withdrawConsent to remove all",
        );
      }
      await touch(employeeId);
      await dropTemplate(manager, templateId, this.discardOf, { subjectId: employeeId });
      const employee = await manager.findOneByOrFail(Employee, { id: employeeId });
      await recordAudit(manager, {
        ...by,
        action: 'face-template.remove',
        employeeId,
        details: { templateId },
        at: now(),
      });
      return employee;
    });
  }

  private async enrol(
    input: AddedFaces,
    by: Actor,
    { action, prepare, keepFirst }: Enrolment,
  ): Promise<EnrolledTemplates> {
    const { storage, changes, faces, replays, vault, consentRequired, now } = this.options;
    const consent = input.consent ?? null;
    checkConsent(consent, now());
    const enrolled = await faces.read(input);
    const added = newTemplates(enrolled, {
      duplicateAllowed: input.allowDuplicateFace ?? false,
      createdAt: now(),
    });
    const leaseSeconds = storage.inlineLeaseSeconds;
    const { employee, refs } = await withPhotos(storage.local, added, () =>
      changes.run(async ({ manager, touch, refuseDuplicate }) => {
        const employee = await activeEmployee(manager, input.employeeId);
        requireConsent(employee, consent, consentRequired);
        for (const { face, template } of added) {
          if (!template.duplicateAllowed) await refuseDuplicate(face.probe, employee.id);
        }
        await touch(employee.id);
        await prepare(manager, employee, enrolled);
        const refs: ImageRef[] = [];
        for (const each of added) {
          await insertTemplate(manager, vault, each, employee.id);
          // An employee who withdrew consent and gives a new one has no employee photo.
          const asOwn = employee.image.path === null ? this.keepInstead : keepFirst;
          const keep = refs.length === 0 ? asOwn : this.keepBeside;
          refs.push(await keep(manager, employee, each, leaseSeconds));
        }
        await replays.remember(manager, samplesOf(added), by);
        if (consent !== null) {
          const columns = consentColumns(consent);
          await manager.update(Employee, { id: employee.id }, columns);
          Object.assign(employee, columns);
          await auditConsent(manager, employee.id, consent, by, now());
        }
        await recordAudits(
          manager,
          added.map(({ template }) => ({
            ...by,
            action,
            employeeId: employee.id,
            details: { templateId: template.id, allowDuplicateFace: template.duplicateAllowed },
            at: template.createdAt,
          })),
        );
        return { employee, refs };
      }),
    );
    const [copied] = await Promise.all(
      refs.map((ref, i) => storage.copyNow(ref, (added[i] as NewTemplate).face.photo.jpeg, leaseSeconds)),
    );
    const [first] = refs;
    if (first?.owner === 'employees') {
      Object.assign(employee.image, NO_IMAGE, { path: first.path }, copied);
    }
    return { employee, templates: added.map(({ template }) => ({ ...template, employeeId: employee.id })) };
  }

  private readonly discardOf: DiscardOf = (ref, image) => this.options.storage.discardOf(ref, image);

  /** The photo of a further template is stored next to the employee's photo. */
  private readonly keepBeside: KeepPhoto = (manager, _employee, added, leaseSeconds) =>
    keepBeside(manager, added, leaseSeconds);

  /** The photo replaces the employee's photo. */
  private readonly keepInstead: KeepPhoto = async (manager, employee, { path }, leaseSeconds) => {
    const { id } = employee;
    await dropEmployeePhoto(manager, employee, this.discardOf);
    const fresh = { ...NO_IMAGE, path, uploadNextAt: leased(leaseSeconds) };
    await manager.update(Employee, { id }, { image: fresh });
    return { owner: 'employees', id, path };
  };
}

type KeepPhoto = (
  manager: EntityManager,
  employee: Employee,
  added: NewTemplate,
  leaseSeconds: number,
) => Promise<ImageRef>;

/** What differs between adding templates and replacing all. */
interface Enrolment {
  readonly action: AuditAction;
  readonly prepare: (
    manager: EntityManager,
    employee: Employee,
    faces: readonly EnrolledFace[],
  ) => Promise<void>;
  /** Where the first photo is stored. The others are stored next to the employee's photo. */
  readonly keepFirst: KeepPhoto;
}

async function activeEmployee(manager: EntityManager, employeeId: string): Promise<Employee> {
  const employee = await byEmployeeId(manager, employeeId).andWhere('e.active').getOne();
  if (employee === null) throw notFound('employeeId', 'active employee not found');
  return employee;
}
