/** Rollcall with Apollo Client 4 and apollo-upload-client 19. The photo is sent as a file of a multipart request. */
import { randomUUID } from 'node:crypto';
import { ApolloClient, gql, InMemoryCache } from '@apollo/client';
import { CombinedGraphQLErrors, ServerError } from '@apollo/client/errors';
import UploadHttpLink from 'apollo-upload-client/UploadHttpLink.mjs';
import { authorization, type RollcallClient, run, url } from './cli.ts';
import {
  CHECK,
  type CheckResult,
  type Fault,
  faultOf,
  type Punch,
  PUNCHES,
  REGISTER,
  withRetry,
} from './rollcall.ts';

const client = new ApolloClient({
  cache: new InMemoryCache(),
  // Punches are not kept in the cache. A cache would need `possibleTypes` for the interface CheckAttendanceResult.
  defaultOptions: { mutate: { fetchPolicy: 'no-cache' }, query: { fetchPolicy: 'no-cache' } },
  link: new UploadHttpLink({
    uri: url,
    // Without apollo-require-preflight the service refuses multipart requests (protection against CSRF).
    headers: { 'apollo-require-preflight': 'true', ...authorization },
  }),
});

/** Apollo Client types data as optional: with another errorPolicy than the default it can be missing. */
function present<T>(data: T | undefined): T {
  if (data === undefined) throw new Error('The answer has no data');
  return data;
}

function toFault(error: unknown): Fault {
  if (CombinedGraphQLErrors.is(error)) return faultOf(error.errors);
  if (ServerError.is(error)) return faultOfBody(error.bodyText, error.statusCode);
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return { code: 'NETWORK', message: `${url} did not answer: ${String(cause)}` };
}

/** An answer with a status such as 401: of the service, with errors in JSON, or of a proxy before it. */
function faultOfBody(body: string, status: number): Fault {
  try {
    return faultOf((JSON.parse(body) as { errors: Parameters<typeof faultOf>[0] }).errors);
  } catch {
    return { code: 'NETWORK', message: `${url} answered with status ${status}` };
  }
}

const rollcall: RollcallClient = {
  toFault,

  // UploadHttpLink sends each File or Blob in the variables as a part of the request.
  // Not retried: a registration has no requestId, and a second one of the same person is a CONFLICT.
  async register(name, employeeId, photo) {
    const { data } = await client.mutate<{ registerEmployee: { message: string } }>({
      mutation: gql(REGISTER),
      variables: { input: { name, employeeId, image: new File([photo], 'photo') } },
    });
    return present(data).registerEmployee.message;
  },

  async check(photo, employeeId) {
    // Made once for one photo. Every retry sends the same.
    const input = { requestId: randomUUID(), employeeId, image: new File([photo], 'photo') };
    const send = () =>
      client.mutate<{ checkAttendance: CheckResult }>({ mutation: gql(CHECK), variables: { input } });
    return present((await withRetry(send, toFault)).data).checkAttendance;
  },

  async punches(first) {
    const { data } = await client.query<{ attendances: { nodes: Punch[] } }>({
      query: gql(PUNCHES),
      variables: { first },
    });
    return present(data).attendances.nodes;
  },
};

await run(rollcall);
