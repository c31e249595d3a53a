import { z } from 'zod';
import { integer, number, optionalNumber, text, unsetWhenEmpty, yesOrNo } from '../kinds';

/** Face models and thresholds. */
export const FACE_VARIABLES = {
  FACE_MATCH_THRESHOLD: number(0, 1, 0.95).describe(
    'Minimum cosine similarity for a match, for descriptors from clients.',
  ),
  FACE_IDENTIFY_MARGIN: number(0, 1, 0.02).describe(
    'Minimum lead of a client descriptor over the next employee in a one-to-many search.',
  ),
  FACE_SAME_PERSON_MIN: number(0, 1, 0.9).describe(
    'Minimum similarity of client descriptors of one employee. Below it, one contradicts the photo.',
  ),
  FACE_MODEL_ID: z
    .preprocess(
      unsetWhenEmpty,
      z
        .string()
        .regex(/^[\w.-]{1,64}$/, "must be 1 to 64 letters, digits, '.', '_' and '-'")
        .default('dlib-resnet-128'),
    )
    .describe('Model that client descriptors come from. Descriptors of different models are never compared.'),
  FACE_DESCRIPTOR_DIMENSION: z
    .preprocess(
      unsetWhenEmpty,
      z.coerce
        .number({ error: 'must be a whole number' })
        .multipleOf(8, 'must be a multiple of 8')
        .min(8, 'must be 8 to 1024')
        .max(1024, 'must be 8 to 1024')
        .default(128),
    )
    .describe('Length of a client descriptor.'),
  FACE_DESCRIPTOR_TRUST: z
    .preprocess(
      unsetWhenEmpty,
      z.enum(['client', 'verify', 'server'], { error: 'must be client, verify or server' }).optional(),
    )
    .describe(
      'verify: the photo decides. client: a descriptor decides. server: only photos count. Empty: see faces.md.',
    ),
  FACE_SERVER_MATCH_THRESHOLD: optionalNumber(0, 1).describe(
    "Minimum similarity of a photo with the claimed employee. Empty: the model's own (0.43).",
  ),
  FACE_SERVER_IDENTIFY_THRESHOLD: optionalNumber(0, 1).describe(
    "Minimum similarity of a photo in a one-to-many search. Empty: the model's own (0.5).",
  ),
  FACE_SERVER_IDENTIFY_MARGIN: optionalNumber(0, 1).describe(
    "Minimum lead of a photo over the next employee. Empty: the model's own (0.05).",
  ),
  FACE_SERVER_DUPLICATE_THRESHOLD: optionalNumber(0, 1).describe(
    "Similarity from which two employees have one face at enrolment. Empty: the model's own (0.5).",
  ),
  FACE_SERVER_SAME_PERSON_MIN: optionalNumber(0, 1).describe(
    "Minimum similarity of photos of one employee at enrolment. Empty: the model's own (0.35).",
  ),
  FACE_MODEL_DIR: text().describe(
    "Folder with another recognition model and its model.json. Empty: the service's own model.",
  ),
  FACE_WORKERS: integer(0, 32, 1).describe(
    'Threads that look at photos, about 100 MB each. 0: clients must send descriptors.',
  ),
  FACE_QUEUE_LIMIT: integer(1, 1000, 32).describe(
    'Photos that may wait for a face worker. Further photos are refused with a time to retry.',
  ),
  FACE_TIMEOUT_MS: integer(500, 120_000, 10_000).describe(
    'Time limit for one photo, including the wait, in milliseconds.',
  ),
  FACE_WARM_START: z
    .preprocess(unsetWhenEmpty, yesOrNo.optional())
    .describe(
      'Start the face workers with the service, not with the first photo. Empty: only in production.',
    ),
};
