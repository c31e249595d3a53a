import type { Base } from './base';
import { createAccess, type Access } from './services/access/create-access';
import { createAttendance, type Attendance } from './services/attendance/create-attendance';
import { createAudit, type Audit } from './services/audit/create-audit';
import { createEmployees, type Employees } from './services/employees/create-employees';
import { createEncryption, createRotation, type Encryption } from './services/encryption/create-encryption';
import type { RotationService } from './services/encryption/rotation-service';
import { createFaces, type Faces } from './services/faces/create-faces';
import { OfficeService } from './services/offices/office-service';
import type { UploadTiming } from './services/photos/cdn/upload-timing';
import { createPhotos, type Photos } from './services/photos/create-photos';
import { createPrivacy, type Privacy } from './services/privacy/create-privacy';
import { createDays, type Days } from './services/working-days/days/create-days';
import { createFiles } from './services/working-days/files/create-files';
import type { ReportService } from './services/working-days/files/report-service';
import { createPunches, type Punches } from './services/working-days/punches/create-punches';
import { createPlans, type Plans } from './services/working-days/plans/create-plans';
import { createReports, type Reports } from './services/reports/create-reports';

/** The service without its API: one area for each folder of services/. */
export interface Areas {
  readonly encryption: Encryption;
  readonly photos: Photos;
  readonly faces: Faces;
  readonly audit: Audit;
  readonly offices: OfficeService;
  readonly employees: Employees;
  readonly access: Access;
  readonly attendance: Attendance;
  readonly privacy: Privacy;
  readonly reports: Reports;
  readonly plans: Plans;
  readonly days: Days;
  readonly punches: Punches;
  readonly files: ReportService;
  readonly rotation: RotationService;
  /** Base of the service's own addresses. */
  readonly publicUrl: () => string;
}

interface AreaOptions {
  readonly publicUrl: () => string;
  readonly timing: UploadTiming;
}

/** Creates all areas. Each one uses the areas before it. */
export async function createAreas(base: Base, { publicUrl, timing }: AreaOptions): Promise<Areas> {
  const encryption = await createEncryption(base);
  const audit = await createAudit(base, encryption);
  const photos = await createPhotos(base, encryption, { publicUrl, timing });
  const faces = await createFaces(base, encryption, photos);
  const offices = new OfficeService(base.dataSource, base.now);
  const people = createEmployees(base, photos, faces, offices);
  const { employees } = people;
  const access = await createAccess(base, encryption, employees, offices, photos.purges);
  const { lockouts, beacons, contacts } = access;
  const { notes } = audit;
  const days = createDays(base, offices, employees);
  const { direction } = days;
  const punches = createPunches(base, days);
  return {
    encryption,
    photos,
    faces,
    audit,
    offices,
    employees: people,
    access,
    attendance: createAttendance(base, photos, faces, {
      ...{ offices, employees, lockouts, beacons, contacts, notes, direction },
      punchDays: punches.days,
    }),
    privacy: await createPrivacy(base, encryption, photos, people),
    reports: createReports(base, faces),
    plans: createPlans(base, offices, days),
    files: await createFiles(base, encryption, days, publicUrl),
    days,
    punches,
    rotation: createRotation(base, encryption, { templates: faces.rotation, photos: photos.rotation }),
    publicUrl,
  };
}
