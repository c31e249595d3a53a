import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { ArgumentValidationError } from 'type-graphql';
import { isDatabaseUnavailable, RETRY_AFTER_SECONDS } from '../../database/errors';
import { RollcallError } from '../../errors';
import type { VisibleScores } from '../../services/access/visible-scores';
import { coercionFault } from './coercion-fault';

/** Text that is longer than any name of ours: a message must not quote a photo or a key. */
const QUOTED = /"[^"]{65,}"?|'[^']{65,}'?/g;
const LONG_RUN = /[^\s"']{65,}/gu;
const MAX_MESSAGE = 500;
/** What is read of a message that quotes the request, in characters. */
const LONGEST_READ = 4000;

const TOO_MANY_FAULTS = 'Too many errors processing variables';

/** What a fault becomes for the client; `internal` ones are masked and belong in the log. */
interface ClientFault {
  readonly message: string;
  readonly code: string;
  readonly extensions: Readonly<Record<string, unknown>>;
  readonly internal: boolean;
}

const INTERNAL: ClientFault = {
  message: 'Internal error. The log contains it under this correlation id',
  code: 'INTERNAL_SERVER_ERROR',
  extensions: {},
  internal: true,
};

/** The error itself and what it wraps, outermost first. */
function* chain(error: unknown): Generator<unknown> {
  for (let e: unknown = error, depth = 0; e != null && depth < 8; depth++) {
    yield e;
    const { originalError, thrownValue, cause } = e as Readonly<Record<string, unknown>>;
    // graphql-js wraps what is thrown and no Error, such as the rejections of some drivers and SDKs.
    e = originalError ?? thrownValue ?? cause;
  }
}

/** Classifies any error. Never throws; what it does not know is internal. */
export function toClientFault(error: unknown): ClientFault {
  try {
    for (const e of chain(error)) {
      if (e instanceof RollcallError) {
        return { message: e.message, code: e.code, extensions: e.details, internal: false };
      }
      if (e instanceof ArgumentValidationError) return invalidArguments(e);
    }
    if (isDatabaseUnavailable(lastOf(error))) {
      return {
        ...INTERNAL,
        code: 'UNAVAILABLE',
        extensions: { retryAfterSeconds: RETRY_AFTER_SECONDS },
        message: 'Database unavailable; try again shortly',
        internal: false,
      };
    }
    return error instanceof GraphQLError ? graphqlFault(error) : INTERNAL;
  } catch {
    return INTERNAL;
  }
}

/** Faults that one answer lists. */
const MAX_FAULTS = 20;

const lastOf = (error: unknown): unknown => [...chain(error)].at(-1);

interface InvalidProperty {
  readonly property: string;
  readonly constraints?: Readonly<Record<string, string>>;
  readonly children?: readonly InvalidProperty[];
}

function invalidArguments(error: ArgumentValidationError): ClientFault {
  // A list can have thousands of wrong entries.
  const faults = flatten(error.extensions.validationErrors).slice(0, MAX_FAULTS);
  const [first] = faults;
  return {
    message: faults.map(({ field, message }) => `${field}: ${message}`).join('; '),
    code: 'BAD_USER_INPUT',
    extensions: { field: first?.field, faults },
    internal: false,
  };
}

function flatten(properties: readonly InvalidProperty[]): { field: string; message: string }[] {
  return properties.flatMap(({ property, constraints = {}, children = [] }) =>
    [
      // Several bounds of one number read as one.
      ...new Set(Object.values(constraints)),
    ]
      .map((message) => ({ field: property, message }))
      .concat(flatten(children)),
  );
}

/** Errors of graphql-js and Apollo about the request itself. */
function graphqlFault(error: GraphQLError): ClientFault {
  const code = error.extensions['code'];
  // What graphql-js adds, without a code, to the fiftieth fault of one request's variables.
  if (error.message.startsWith(TOO_MANY_FAULTS)) {
    return { message: TOO_MANY_FAULTS, code: 'BAD_USER_INPUT', extensions: {}, internal: false };
  }
  if (typeof code !== 'string' || code === 'INTERNAL_SERVER_ERROR') return INTERNAL;
  const coercion = coercionFault(error);
  if (coercion !== null) {
    const { field, reason } = coercion;
    return {
      message: field === null ? redact(reason) : `${field}: ${redact(reason)}`,
      code: 'BAD_USER_INPUT',
      extensions: field === null ? {} : { field },
      internal: false,
    };
  }
  // Apollo's own words about the HTTP request quote nothing of it, but long header names.
  const message = code === 'BAD_REQUEST' ? error.message : redact(error.message);
  return { message, code, extensions: {}, internal: false };
}

/** Takes out what a message quotes of the request beyond names. Cut first: expressions fail on a text of megabytes. */
function redact(message: string): string {
  return message
    .slice(0, LONGEST_READ)
    .replace(/, found .*/su, '')
    .replace(/(Unexpected (?:Block)?(?:String|Int|Float)) .*/su, '$1')
    .replace(QUOTED, '"…"')
    .replace(LONG_RUN, '…')
    .slice(0, MAX_MESSAGE);
}

/** What graphql-js adds to a name that there is not: names that there are. */
const SUGGESTION = / Did you mean [^?]*\?/gu;

/** How much of the schema error messages may reveal. */
interface Discretion {
  /** Whether a misspelt name is answered with the right one. */
  readonly suggestions: boolean;
  /** Decides about `similarity`, of faces that were refused. */
  readonly scores: Pick<VisibleScores, 'of'>;
}

/** Shows as much of the score as the requester may see. Our messages contain it with three digits. */
function withVisibleScore({ message, extensions, ...fault }: ClientFault, scores: Discretion['scores']) {
  const { similarity, threshold, ...others } = extensions;
  if (typeof similarity !== 'number') return { ...fault, message, extensions };
  const limit = typeof threshold === 'number' ? threshold : null;
  const shown = scores.of({ similarity, matched: false, threshold: limit }, null);
  const withShown = message.replaceAll(similarity.toFixed(3), shown === null ? '…' : shown.toFixed(2));
  if (shown !== null) {
    return { ...fault, message: withShown, extensions: { ...extensions, similarity: shown } };
  }
  // The limit would say how near the face was.
  const withoutLimit = limit === null ? withShown : withShown.replaceAll(String(limit), '…');
  return { ...fault, message: withoutLimit, extensions: others };
}

/** Makes the function that makes the GraphQL error that the client sees. */
export const createFormatter =
  ({ suggestions, scores }: Discretion) =>
  (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const fault = toClientFault(error);
    const { message, code, extensions } = withVisibleScore(fault, scores);
    return {
      message: suggestions ? message : message.replace(SUGGESTION, ''),
      ...(formatted.path === undefined ? {} : { path: formatted.path }),
      ...(formatted.locations === undefined ? {} : { locations: formatted.locations }),
      extensions: { ...extensions, code },
    };
  };
