import { expectDiscreet, faultOf, footprint, literal, post } from './hostile';
import { CHECK, hopper, REGISTER } from './operations';
import { strangerDescriptor } from './photos';
import type { TestService } from './service';

/** Nobody who is enrolled yet. */
const newcomer = {
  name: 'Somebody Else',
  employeeId: 'EMP-9',
  imageBase64: hopper.imageBase64,
  faceDescriptor: strangerDescriptor(9),
};

/** The two operations that take a face, with an input that is right but for what a test changes. */
export const faceOperations = [
  ['registerEmployee', REGISTER, newcomer],
  ['checkAttendance', CHECK, { employeeId: 'EMP-1', ...hopper }],
] as const;

/** The same operation with its input in the document instead of a variable. */
export const writtenOut = (document: string, input: Readonly<Record<string, unknown>>): string =>
  document.replace(/\(\$input: \w+!\)/, '').replace('$input', literal(input));

export interface Refusal {
  readonly field?: string | undefined;
  readonly says: RegExp;
  readonly code?: string;
}

/**
 * Sends an operation that has to be refused, with its input once as a variable and once written out in the document,
 * and proves that nothing was written and nothing was quoted.
 */
export async function expectRefused(
  service: TestService,
  document: string,
  input: Readonly<Record<string, unknown>>,
  refusal: Refusal,
): Promise<void> {
  const before = await footprint(service);
  await expectBodyRefused(service, { query: document, variables: { input } }, input, refusal);
  const query = writtenOut(document, input);
  const tooLong = { field: 'query', says: /must have at most 1048576 characters/ };
  await expectBodyRefused(service, { query }, input, query.length > 1_048_576 ? tooLong : refusal);
  expect(await footprint(service)).toEqual(before);
}

/** Sends a request that has to be refused; `secret` must not come back. */
export async function expectBodyRefused(
  service: TestService,
  request: Readonly<Record<string, unknown>>,
  secret: unknown,
  { field, says, code = 'BAD_USER_INPUT' }: Refusal,
): Promise<void> {
  const answer = await post(service.url, JSON.stringify(request));
  expectDiscreet(answer.text, secret);
  expect(answer.status).toBeLessThan(500);
  const { message, extensions } = faultOf(answer);
  expect({ code: extensions.code, field: extensions['field'], message }).toEqual({
    code,
    field,
    message: expect.stringMatching(says) as unknown,
  });
  expect(extensions['requestId']).toBe(answer.headers['x-request-id']);
  expect(extensions['correlationId']).toBe(answer.headers['x-correlation-id']);
}
