/** Rollcall with graphql-request 7. The photo is sent as base64, in JSON. */
import { randomUUID } from 'node:crypto';
import { ClientError, GraphQLClient } from 'graphql-request';
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

const client = new GraphQLClient(url, { headers: authorization });

/** Errors of the API come as a ClientError; an answer that is not JSON, or none at all, as another error. */
function toFault(error: unknown): Fault {
  if (error instanceof ClientError && error.response.errors !== undefined) {
    return faultOf(error.response.errors);
  }
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return { code: 'NETWORK', message: `${url} did not answer: ${String(cause)}` };
}

const rollcall: RollcallClient = {
  toFault,

  // Not retried: a registration has no requestId, and a second one of the same person is a CONFLICT.
  async register(name, employeeId, photo) {
    const input = { name, employeeId, imageBase64: photo.toString('base64') };
    const { registerEmployee } = await client.request<{ registerEmployee: { message: string } }>(REGISTER, {
      input,
    });
    return registerEmployee.message;
  },

  async check(photo, employeeId) {
    // Made once for one photo. Every retry sends the same.
    const input = { requestId: randomUUID(), employeeId, imageBase64: photo.toString('base64') };
    const send = () => client.request<{ checkAttendance: CheckResult }>(CHECK, { input });
    return (await withRetry(send, toFault)).checkAttendance;
  },

  async punches(first) {
    const { attendances } = await client.request<{ attendances: { nodes: Punch[] } }>(PUNCHES, { first });
    return attendances.nodes;
  },
};

await run(rollcall);
