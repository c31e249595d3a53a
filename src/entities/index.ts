import { ApiKey } from './api-key.entity';
import { AttendanceVoid } from './attendance-void.entity';
import { Attendance } from './attendance.entity';
import { AuditChain, AuditEvent } from './audit-event.entity';
import { AuditKeyRow } from './audit-key.entity';
import { Challenge } from './challenge.entity';
import { CorrectionChange } from './correction-change.entity';
import { Correction } from './correction.entity';
import { DiscardedImage } from './discarded-image.entity';
import { Employee } from './employee.entity';
import { EncryptionKeyUser } from './encryption-key-user.entity';
import { EncryptionKey } from './encryption-key.entity';
import { ErasureLogSeen } from './erasure-log.entity';
import { Erasure } from './erasure.entity';
import { ExportTicket } from './export-ticket.entity';
import { FaceModelUser } from './face-model-user.entity';
import { FacePhoto } from './face-photo.entity';
import { FaceTemplate } from './face-template.entity';
import { GalleryChange, GalleryState, GalleryVersion } from './gallery-change.entity';
import { Installation } from './installation.entity';
import { KeyContact } from './key-contact.entity';
import { KioskPairing } from './kiosk-pairing.entity';
import { Lockout } from './lockout.entity';
import { Office } from './office.entity';
import { ReviewItem } from './review-item.entity';
import { SeenFace } from './seen-face.entity';
import { SeenSample } from './seen-sample.entity';
import { Absence } from './absence.entity';
import { DayPlanEntry } from './day-plan-entry.entity';
import { EmployeeOffice } from './employee-office.entity';
import { Holiday } from './holiday.entity';
import { OfficeZone } from './office-zone.entity';
import { OvertimeDecision } from './overtime-decision.entity';
import { ScheduleAssignment } from './schedule-assignment.entity';
import { ScheduleDay } from './schedule-day.entity';
import { Schedule } from './schedule.entity';
import { Shift } from './shift.entity';
import { WorkRulesVersion } from './work-rules-version.entity';
import { WorkRules } from './work-rules.entity';
import { WriteProof } from './write-proof.entity';

/** Every table, for the DataSource. */
export const entities = [
  Office,
  Employee,
  FaceTemplate,
  FacePhoto,
  Attendance,
  ReviewItem,
  Correction,
  CorrectionChange,
  AttendanceVoid,
  GalleryState,
  GalleryChange,
  GalleryVersion,
  DiscardedImage,
  Erasure,
  ErasureLogSeen,
  ExportTicket,
  AuditEvent,
  AuditChain,
  AuditKeyRow,
  Installation,
  Challenge,
  SeenSample,
  SeenFace,
  ApiKey,
  KeyContact,
  Lockout,
  EncryptionKey,
  EncryptionKeyUser,
  FaceModelUser,
  KioskPairing,
  WriteProof,
  Shift,
  Schedule,
  ScheduleDay,
  WorkRules,
  WorkRulesVersion,
  ScheduleAssignment,
  DayPlanEntry,
  EmployeeOffice,
  OfficeZone,
  Holiday,
  Absence,
  OvertimeDecision,
];
