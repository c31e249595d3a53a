import type { Config } from '../../../config/config';
import type { RecognizerManifest } from '../engine/recognizer-manifest';

/** Cosines from which on two faces are one person's; equality matches. */
export interface Thresholds {
  /** Of descriptors that clients send. */
  readonly client: {
    readonly match: number;
    /** Photos of one employee are at least this alike. */
    readonly samePerson: number;
    /** How far the best employee must lead the next one in a search. */
    readonly margin: number;
  };
  /** Of descriptors that the server computes. */
  readonly server: {
    /** For a claimed employee, and in a search, in which a stranger has many chances. */
    readonly match: number;
    readonly identify: number;
    /** Two people who are this alike count as one at enrolment. */
    readonly duplicate: number;
    readonly samePerson: number;
    readonly margin: number;
  };
}

/** The configured thresholds; those that are not set are the model's own. */
export function thresholdsOf(
  { client, server }: Config['faces']['thresholds'],
  { thresholds: own }: Pick<RecognizerManifest, 'thresholds'>,
): Thresholds {
  return {
    client,
    server: {
      match: server.match ?? own.match,
      identify: server.identify ?? own.identify,
      duplicate: server.duplicate ?? own.duplicate,
      samePerson: server.samePerson ?? own.samePerson,
      margin: server.margin ?? own.margin,
    },
  };
}
