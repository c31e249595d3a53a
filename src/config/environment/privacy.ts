import { flag, integer, text } from '../kinds';

/** Consent, erasure and retention. */
export const PRIVACY_VARIABLES = {
  REQUIRE_CONSENT: flag(false).describe('Refuse enrolments without recorded consent.'),
  ERASURE_LOG: text().describe(
    'List of erasures, which a start repeats after a restore. Empty: erasures.log in DATA_DIR.',
  ),
  RETAIN_ATTENDANCE_PHOTOS_DAYS: integer(0, 36_500, 0).describe(
    'Delete photos of punches after this many days. 0: never.',
  ),
  RETAIN_INACTIVE_EMPLOYEES_DAYS: integer(0, 36_500, 0).describe(
    'Erase deactivated employees after this many days. 0: never.',
  ),
  RETAIN_REVIEW_ITEMS_DAYS: integer(0, 36_500, 30).describe(
    'Delete review items and their photos so many days after the decision. 0: never.',
  ),
  RETAIN_ABSENCES_DAYS: integer(0, 36_500, 0).describe(
    'Delete absences so many days after their last day. 0: never.',
  ),
  RETAIN_AUDIT_DAYS: integer(0, 36_500, 0).describe('Delete audit events after this many days. 0: never.'),
};
