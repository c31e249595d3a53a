/**
 * Columns of the database that say nothing about a person, by table, with the reason. Exports and erasures skip them. The
 * personal columns of such a table are in PERSONAL_DATA.
 */
export const NOT_PERSONAL: Readonly<Record<string, readonly [why: string, ...columns: string[]]>> = {
  api_keys: [
    'API keys of devices and programs. No employee has one.',
    ...['id', 'role', 'office_id', 'allow_offline', 'device', 'secret_hash', 'previous_hash'],
    ...['previous_valid_until', 'created_at', 'expires_at', 'revoked_at', 'last_used_at', 'last_fault_at'],
  ],
  audit_chain: [
    'The end of the audit trail: a number and a hash.',
    ...['id', 'sequence', 'hash', 'key_id', 'signature'],
  ],
  audit_keys: [
    'Keys that sign the audit trail, encrypted.',
    ...['id', 'signed_from', 'previous_hash', 'signature', 'sealed'],
  ],
  erasure_logs: ['Which erasure logs running nodes write.', 'id', 'seen_at'],
  encryption_key_users: ['Which node encrypts with which key.', 'node_id', 'key_id', 'seen_at'],
  encryption_keys: ['Ids of the keys that encrypt data.', 'id', 'first_used_at'],
  face_model_users: ['Which node describes faces by which model.', 'node_id', 'model_id', 'seen_at'],
  gallery_state: ['The highest number in gallery_changes.', 'id', 'version', 'token'],
  gallery_versions: ['A random value for each number in gallery_changes.', 'version', 'token'],
  installation: ['The id of the installation.', 'id'],
  key_contacts: ['When the service answered an API key.', 'key_id', 'began_at', 'ended_at'],
  kiosk_pairings: [
    'Codes that make a tablet a kiosk.',
    ...['id', 'code_hash', 'office_id', 'created_at', 'expires_at', 'used_at'],
  ],
  migrations: ['Which migrations the database has had.', 'id', 'timestamp', 'name'],
  offices: [
    "Data about offices. The export contains the names of the person's offices.",
    ...['id', 'name', 'latitude', 'longitude', 'radius_meters', 'time_zone', 'allow_visitors'],
  ],
  holidays: [
    'Holidays of offices.',
    ...['id', 'office_id', 'date', 'name', 'starts_at', 'kind', 'source', 'imported_type'],
    ...['created_by', 'created_at'],
  ],
  office_zones: [
    'Which time zone an office had from which date on.',
    ...['id', 'office_id', 'time_zone', 'valid_from', 'created_by', 'created_at'],
  ],
  schedule_days: ['The shifts of schedules.', 'schedule_id', 'day', 'shift_id'],
  schedules: [
    'Cycles of days. The export names those that were assigned to the person.',
    ...['id', 'name', 'cycle_days', 'anchor', 'archived_at', 'created_by', 'created_at'],
  ],
  shifts: [
    'Planned working time of a day. The export names those of the day plans of the person.',
    ...['id', 'name', 'kind', 'segments', 'break_minutes', 'break_starts_at', 'frame', 'core'],
    ...['target_minutes', 'archived_at', 'created_by', 'created_at'],
  ],
  work_rules: ['Names of work rules.', 'id', 'name', 'created_by', 'created_at'],
  work_rules_versions: [
    'How punches become worked time.',
    ...['id', 'rules_id', 'version', 'valid_from', 'fields', 'created_by', 'created_at'],
  ],
  write_proofs: ['When the database last took a write of a health check.', 'id', 'proven_at'],
};
