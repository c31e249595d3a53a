import type { Base } from '../../base';
import type { Faces } from '../faces/create-faces';
import type { OfficeService } from '../offices/office-service';
import type { Photos } from '../photos/create-photos';
import { ActivityService } from './activity-service';
import { ConsentService } from './consent-service';
import { EmployeeService } from './employee-service';
import type { DiscardOf } from './enrolment/drop-faces';
import { EnrolmentFaces } from './enrolment/enrolment-faces';
import { RegistrationService } from './enrolment/registration-service';
import { TemplateChanges } from './enrolment/template-changes';
import { TemplateService } from './enrolment/template-service';

export interface Employees {
  readonly employees: EmployeeService;
  readonly registration: RegistrationService;
  readonly templates: TemplateService;
  readonly activity: ActivityService;
  readonly consents: ConsentService;
  readonly changes: TemplateChanges;
  /** What becomes of the photos of a face that is dropped. */
  readonly discardOf: DiscardOf;
}

/** Who works here: enrolment, consent, and whether they are active. */
export function createEmployees(
  { config, dataSource, now, log }: Base,
  { storage }: Photos,
  { model, vault, gallerySync, matching, reader, replays }: Faces,
  offices: OfficeService,
): Employees {
  const { samePersonMin } = config.faces;
  const { requireConsent: consentRequired } = config.privacy;
  const employees = new EmployeeService(dataSource, offices, now);
  const changes = new TemplateChanges(dataSource, gallerySync, matching, log);
  const faces = new EnrolmentFaces(storage, reader, model, samePersonMin);
  const discardOf: DiscardOf = (ref, image) => storage.discardOf(ref, image);
  const shared = { storage, changes, faces, replays, vault, consentRequired, now };
  return {
    employees,
    registration: new RegistrationService({ ...shared, offices, employees }),
    templates: new TemplateService({ ...shared, matching, samePersonMin }),
    activity: new ActivityService(changes, model, vault, now),
    consents: new ConsentService(dataSource, changes, discardOf, now),
    changes,
    discardOf,
  };
}
