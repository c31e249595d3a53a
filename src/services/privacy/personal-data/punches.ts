import { roundedDownSql } from '../../access/visible-scores';
import { shown, OWNER, OFFICE, PHOTO, ORIGIN, type PersonalTable } from './personal-table';

/** Punches, and what people decided about them. */
export const PUNCH_TABLES = {
  attendances: {
    of: 'employee_id = $1',
    section: { name: 'attendances', order: 'sequence', pages: true },
    photo: { path: 'image_path' },
    erasure: 'pseudonymise',
    columns: {
      ...shown('id'),
      employee_id: OWNER,
      sequence: { omitted: 'The order of the punches in the export.' },
      ...shown('type', 'recorded_at'),
      office_id: OFFICE,
      // As VisibleScores shows the score of a match.
      similarity: { as: 'similarity', sql: roundedDownSql('similarity'), erased: 'NULL' },
      distance_from_office: { as: 'distanceFromOfficeMetres', erased: 'NULL' },
      latitude: { as: 'latitude', erased: 'NULL' },
      longitude: { as: 'longitude', erased: 'NULL' },
      position_accuracy_meters: { as: 'positionAccuracyMetres', erased: 'NULL' },
      position_taken_at: { as: 'positionTakenAt', erased: 'NULL' },
      request_id: { as: 'requestId', erased: 'NULL' },
      ...shown('request_round', 'flags', 'correction_id'),
      ...shown('descriptor_source', 'similarity_of'),
      challenged: { as: 'challengeRedeemed' },
      live: { as: 'livenessShown' },
      // It may tell of an illness.
      manual_reason: {
        as: 'manualReason',
        mentions: true,
        erased: `CASE WHEN manual_reason IS NULL THEN NULL ELSE 'erased' END`,
      },
      ...shown('manual_recorded_by', 'manual_entered_at'),
      captured_at: { as: 'capturedOfflineAt' },
      ...shown('received_at', 'not_before', 'fixed_device'),
      ...ORIGIN,
      ...PHOTO,
    },
  },
  review_items: {
    of: 'employee_id = $1',
    section: { name: 'reviewItems', order: 'received_at, id' },
    photo: { path: 'image_path' },
    // With the punches, see erase-attendance.ts.
    erasure: 'with photo',
    columns: {
      ...shown('id', 'reason', 'caller', 'request_id'),
      employee_id: OWNER,
      office_id: OFFICE,
      claimed_key: { omitted: 'The claimed employeeId in the form that is compared.' },
      other_employee_id: { omitted: 'Another employee, who had the same employeeId. That is their data.' },
      ...shown('claimed_employee_id', 'type', 'captured_at', 'device_time', 'clock_offset_ms', 'received_at'),
      ...shown('latitude', 'longitude'),
      position_accuracy_meters: { as: 'positionAccuracyMetres' },
      ...shown('position_taken_at', 'attendance_ids', 'status', 'decided_by', 'decided_at'),
      note: { as: 'note', mentions: true },
      decision_reason: { as: 'decisionReason', mentions: true },
      ...ORIGIN,
      ...PHOTO,
    },
  },
  corrections: {
    of: 'employee_id = $1',
    section: { name: 'corrections', order: 'requested_at, id' },
    erasure: 'pseudonymise',
    columns: {
      ...shown('id', 'status'),
      employee_id: OWNER,
      reason: { as: 'reason', mentions: true, erased: `'erased'` },
      ...shown('requested_by', 'requested_at', 'decided_by', 'decided_at'),
      note: { as: 'note', mentions: true, erased: 'NULL' },
      basis: { omitted: 'A hash of the punches that the request was about.' },
    },
  },
  correction_changes: {
    of: 'correction_id IN (SELECT id FROM corrections WHERE employee_id = $1)',
    section: { name: 'correctionChanges', order: 'correction_id, position' },
    erasure: { keeps: 'Which punches a correction added or voided. It names nobody.' },
    columns: {
      ...shown('id', 'correction_id', 'position', 'kind', 'type', 'recorded_at', 'attendance_id'),
      ...shown('waive_date', 'waive_minutes'),
    },
  },
  attendance_voids: {
    of: 'attendance_id IN (SELECT id FROM attendances WHERE employee_id = $1)',
    section: { name: 'voids', order: 'voided_at, id' },
    erasure: 'pseudonymise',
    columns: {
      ...shown(
        'id',
        'attendance_id',
        'correction_id',
        'voided_by',
        'voided_at',
        'restored_by',
        'restored_at',
      ),
      reason: { as: 'reason', mentions: true, erased: `'erased'` },
      restore_reason: {
        as: 'restoreReason',
        mentions: true,
        erased: `CASE WHEN restore_reason IS NULL THEN NULL ELSE 'erased' END`,
      },
    },
  },
} satisfies Readonly<Record<string, PersonalTable>>;
