import { file, shown, OWNER, OFFICE, PHOTO, type PersonalTable } from './personal-table';

/** Faces, photos, and the traces that checks leave of them. */
export const FACE_TABLES = {
  face_templates: {
    of: 'employee_id = $1',
    section: { name: 'templates', order: 'created_at, id' },
    erasure: 'with photo',
    columns: {
      ...shown('id'),
      employee_id: OWNER,
      ...shown('created_at'),
      model_id: { as: 'model' },
      ...shown('source', 'dimension', 'duplicate_allowed'),
      vector: { omitted: 'A face descriptor: see faceDescriptors.' },
      plain_vector: { omitted: 'A face descriptor: see faceDescriptors.' },
      plain_model_id: { as: 'secondModel' },
      plain_dimension: { as: 'secondDimension' },
      reindex_next_at: { omitted: 'When a descriptor of a new model is computed.' },
      reindex_attempts: { omitted: 'How often that failed.' },
      reindex_error: { omitted: 'Why it failed.' },
      reindex_failed_model: { omitted: 'The model for which the photo cannot be used.' },
    },
  },
  face_photos: {
    of: 'id IN (SELECT id FROM face_templates WHERE employee_id = $1)',
    within: 'face_templates',
    photo: { path: 'image_path' },
    erasure: 'with photo',
    columns: { id: OWNER, ...PHOTO },
  },
  discarded_images: {
    of: 'subject_id = $1',
    section: { name: 'photosBeingRemoved', order: 'id' },
    photo: { path: 'path', there: 'NOT local_removed' },
    erasure: 'with photo',
    // The rows are the proof that disk and CDN have nothing; the erasure takes them away when it is complete.
    unfinished: 'NOT (local_removed AND cdn_removed)',
    columns: {
      ...shown('id'),
      subject_id: OWNER,
      path: { as: 'photo', sql: `CASE WHEN local_removed THEN NULL ELSE ${file('path')} END` },
      cloudinary_id: { as: 'photoIdOnCdn' },
      cdn_tag: { as: 'photoTagOnCdn' },
      cloud_name: { as: 'accountOnCdn' },
      ...shown('local_removed', 'cdn_removed', 'attempts'),
      next_at: { as: 'nextAttemptAt' },
      cdn_after: { omitted: 'When a running upload has certainly ended.' },
      erasure_id: { omitted: 'Links the photo to the erasure.' },
      last_error: { omitted: 'Error message of the CDN or disk, for the operator.' },
    },
  },
  challenges: {
    of: 'employee_id = $1',
    section: { name: 'challenges', order: 'created_at, id' },
    erasure: 'delete',
    columns: {
      ...shown('id'),
      employee_id: OWNER,
      ...shown('created_at', 'expires_at', 'used_at', 'actions', 'request_id', 'caller'),
      office_id: OFFICE,
      token_hash: { omitted: 'Hash of a random token. It contains nothing about a person.' },
    },
  },
  lockouts: {
    of: `kind = 'EMPLOYEE' AND subject = $1::text`,
    section: { name: 'refusedFaces', order: 'kind, daily' },
    erasure: 'delete',
    columns: {
      ...shown('kind', 'daily'),
      subject: OWNER,
      failures: { as: 'refusedFaces' },
      started_at: { as: 'firstRefusedAt' },
      last_failure_at: { as: 'lastRefusedAt' },
      ...shown('locked_until'),
    },
  },
  seen_samples: {
    // Those that a requestId ties to a punch of theirs. Where several callers have used it, it is not known whose of
    // them are of the punch, and none are.
    of: `request_id IN (SELECT request_id FROM attendances WHERE employee_id = $1)
      AND NOT EXISTS (SELECT 1 FROM seen_samples o WHERE o.request_id = seen_samples.request_id
        AND o.caller <> seen_samples.caller)`,
    section: { name: 'samplesSeen', order: 'seen_at, hash' },
    // With the punches, see erase-attendance.ts.
    erasure: 'with photo',
    columns: {
      ...shown('request_id', 'caller', 'first_seen_at', 'seen_at'),
      hash: {
        omitted:
          'A keyed hash. Nobody can restore the photo from it. Only someone with both the photo and the key can recompute it.',
      },
    },
  },
  seen_faces: {
    of: 'employee_id = $1',
    section: { name: 'facesSeen', order: 'seen_at, id' },
    erasure: 'delete',
    columns: {
      ...shown('id', 'template_id', 'caller', 'request_id', 'seen_at'),
      employee_id: OWNER,
      model_id: { as: 'model' },
      hash: {
        omitted:
          'A keyed hash by which copies of a photo are recognised. Nobody can restore the photo from it. Without the key it says nothing.',
      },
    },
  },
  gallery_changes: {
    of: 'employee_id = $1',
    omitted:
      'A number for each employee, by which nodes notice changed templates. The audit events contain these changes with their time.',
    erasure: { keeps: 'A node that was away notices by it that the templates are gone. It names nobody.' },
    columns: { employee_id: OWNER, version: {} },
  },
} satisfies Readonly<Record<string, PersonalTable>>;
