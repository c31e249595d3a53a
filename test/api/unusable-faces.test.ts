/** Real: the service over HTTP, the database, the service's models on real and derived photos. Fake: nothing. */
import { footprint } from '../support/hostile';
import { check, CHECK, register, REGISTER } from '../support/operations';
import { base64Photo, photo } from '../support/photos';
import { TestService } from '../support/service';

const NOT_USABLE = CHECK.replace('status message', 'status message ... on FaceNotUsable { reason hint }');

let service: TestService;
beforeAll(async () => {
  service = await TestService.start({ env: { PUNCH_MIN_INTERVAL_SECONDS: '0' } });
  const imageBase64 = base64Photo('eileen-collins-2.jpg');
  await register(service, { imageBase64, faceDescriptor: undefined });
});
afterAll(() => service.stop());

describe.each([
  ['no-face', 'NO_FACE', 'No face'],
  ['two-faces', 'SEVERAL_FACES', 'Several people'],
  ['tiny', 'TOO_SMALL', 'too small'],
  ['dark', 'TOO_DARK', 'too dark'],
  ['bright', 'TOO_BRIGHT', 'too bright'],
  ['grace-hopper-hard', 'BLURRED', 'blurred'],
  ['turned-away', 'TURNED_AWAY', 'turned away'],
  ['cut-off', 'CUT_OFF', 'cut off'],
])('the photo %s', (name, reason, says) => {
  const imageBase64 = base64Photo(`${name}.jpg`);

  it(`is answered to a check with ${reason}, what it means and what to do`, async () => {
    const { checkAttendance } = await service.ask(NOT_USABLE, { input: { imageBase64 } });
    expect(checkAttendance).toEqual({
      __typename: 'FaceNotUsable',
      status: 'FACE_NOT_USABLE',
      reason,
      message: expect.stringContaining(says) as unknown,
      hint: expect.stringMatching(/\w{4}/) as unknown,
      similarity: null,
      similarityOf: null,
      distanceFromOffice: null,
      cloudinaryUrl: null,
    });
  });

  it(`is refused for an enrolment with ${reason}, and leaves nothing behind`, async () => {
    const before = await footprint(service);
    const input = { name: 'Somebody', employeeId: 'EMP-9', imageBase64 };
    const { message, extensions } = await service.fault(REGISTER, { input });
    expect(message).toContain(says);
    expect(extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'imageBase64',
      reason,
      hint: expect.stringMatching(/\w{4}/) as unknown,
    });
    expect(await footprint(service)).toEqual(before);
  });
});

it('a photo that is damaged only where the cheap proof does not look is refused, not an internal error', async () => {
  const whole = photo('grace-hopper.jpg');
  // The last strip is random, then a proper end.
  const damaged = Buffer.concat([
    whole.subarray(0, whole.length - 300),
    Buffer.alloc(298, 0x55),
    whole.subarray(-2),
  ]);
  const answer = await service.send(CHECK, { input: { imageBase64: damaged.toString('base64') } });
  const code = answer.errors?.[0]?.extensions.code ?? 'none';
  expect(['none', 'BAD_USER_INPUT']).toContain(code);
});

it('a bystander in the background does not matter', async () => {
  const answer = await check(service, {
    imageBase64: base64Photo('bystander.jpg'),
    faceDescriptor: undefined,
  });
  expect(answer).toMatchObject({ status: 'RECORDED', attendance: { employee: { employeeId: 'EMP-1' } } });
});
