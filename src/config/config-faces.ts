import { resolve } from 'node:path';
import type { Environment } from './environment';

/** Models of the server, this version's and earlier ones'. */
export const RESERVED_MODELS: readonly string[] = ['mobilefacenet-512', 'dlib-resnet-128-aligned'];
/**
 * With the model of the service nobody is refused below .7 but for a bad photo, and everybody above: an operator's
 * old .95 would be such a value.
 */
const MAX_SERVER_THRESHOLD = 0.7;

/**
 * The face models and their thresholds.
 * @param faults gets what is wrong
 */
export function facesFrom(env: Environment, faults: string[]) {
  faults.push(...faceFaults(env));
  return {
    modelId: env.FACE_MODEL_ID,
    descriptorDimension: env.FACE_DESCRIPTOR_DIMENSION,
    /** null: what the installation has enrolled decides, at start. */
    descriptorTrust: env.FACE_DESCRIPTOR_TRUST ?? null,
    thresholds: {
      client: {
        match: env.FACE_MATCH_THRESHOLD,
        samePerson: env.FACE_SAME_PERSON_MIN,
        margin: env.FACE_IDENTIFY_MARGIN,
      },
      /** undefined: the model's own. */
      server: {
        match: env.FACE_SERVER_MATCH_THRESHOLD,
        identify: env.FACE_SERVER_IDENTIFY_THRESHOLD,
        duplicate: env.FACE_SERVER_DUPLICATE_THRESHOLD,
        samePerson: env.FACE_SERVER_SAME_PERSON_MIN,
        margin: env.FACE_SERVER_IDENTIFY_MARGIN,
      },
    },
    /** null: the model of the service. */
    modelDir: env.FACE_MODEL_DIR === undefined ? null : resolve(env.FACE_MODEL_DIR),
    workers: env.FACE_WORKERS,
    queueLimit: env.FACE_QUEUE_LIMIT,
    timeoutMs: env.FACE_TIMEOUT_MS,
    warmStart: env.FACE_WARM_START ?? env.NODE_ENV === 'production',
  } as const;
}

/** Combinations of the face variables that do not work. */
function faceFaults(env: Environment): string[] {
  const { FACE_DESCRIPTOR_TRUST: trust = 'client', FACE_MODEL_ID: model } = env;
  const faults: string[] = [];
  const needsEngine = (what: string) =>
    `FACE_WORKERS: must be 1 or more for ${what}, because the server has to analyse the photos`;
  if (env.FACE_WORKERS === 0 && trust !== 'client')
    faults.push(needsEngine(`FACE_DESCRIPTOR_TRUST=${trust}`));
  if (env.FACE_WORKERS === 0 && env.REQUIRE_LIVENESS) faults.push(needsEngine('REQUIRE_LIVENESS'));
  if (RESERVED_MODELS.includes(model)) {
    faults.push('FACE_MODEL_ID: must be a model of clients; only the server uses this one');
  }
  return [...faults, ...(env.FACE_MODEL_DIR === undefined ? serverThresholdFaults(env) : [])];
}

/** Thresholds that the service's own model does not reach. */
function serverThresholdFaults(env: Environment): string[] {
  const thresholds = {
    FACE_SERVER_MATCH_THRESHOLD: { was: 'was 0.95 and is now 0.43', value: env.FACE_SERVER_MATCH_THRESHOLD },
    FACE_SERVER_IDENTIFY_THRESHOLD: { was: 'is 0.5', value: env.FACE_SERVER_IDENTIFY_THRESHOLD },
    FACE_SERVER_DUPLICATE_THRESHOLD: { was: 'is 0.5', value: env.FACE_SERVER_DUPLICATE_THRESHOLD },
    FACE_SERVER_SAME_PERSON_MIN: { was: 'is 0.35', value: env.FACE_SERVER_SAME_PERSON_MIN },
  };
  return Object.entries(thresholds)
    .filter(([, { value }]) => value !== undefined && value > MAX_SERVER_THRESHOLD)
    .map(
      ([name, { was }]) =>
        `${name}: must be at most ${MAX_SERVER_THRESHOLD}, or nearly everybody is refused; the default ${was}, because the model has changed`,
    );
}
