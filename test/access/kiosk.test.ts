/** Real: the service over HTTP, the database, the face engine's descriptors of real photos. Fake: the clock. */
import { createKey, createOffice, Speaker, startClosed } from '../support/access';
import { faultOf, send } from '../support/hostile';
import {
  CHECK,
  check,
  type CheckAnswer,
  collins,
  hopper,
  hopperAgain,
  register,
} from '../support/operations';
import type { TestService } from '../support/service';
import { until } from '../support/until';
import { auditOf } from '../support/privacy';

const CHALLENGE = 'mutation ($input: CreateChallengeInput!) { createChallenge(input: $input) { token } }';
const lima = { name: 'Lima', latitude: 0, longitude: 0, radiusMeters: 100 };
const quito = { name: 'Quito', latitude: 10, longitude: 10, radiusMeters: 100 };

describe('a kiosk', () => {
  let service: TestService;
  let admin: Speaker;
  let kiosk: Speaker;
  let here: string;
  let elsewhere: string;
  let keyId: string;
  const anotherKiosk = async (): Promise<void> => {
    const key = await createKey(admin, { role: 'KIOSK', officeId: here });
    keyId = key.id;
    kiosk = new Speaker(service, key.secret);
  };

  beforeAll(async () => {
    ({ service, admin } = await startClosed());
    [here, elsewhere] = [await createOffice(admin, lima), await createOffice(admin, quito)];
    await anotherKiosk();
    await register(admin, { officeId: here });
    await register(admin, { employeeId: 'EMP-2', name: 'Eileen Collins', officeId: elsewhere, ...collins });
  });
  afterAll(() => service.stop());

  const at = { latitude: 0, longitude: 0 };
  const inQuito = { latitude: 10, longitude: 10 };
  const allowVisitors = (allow: boolean) =>
    admin.ask('mutation ($input: UpdateOfficeInput!) { updateOffice(input: $input) { allowVisitors } }', {
      input: { id: here, allowVisitors: allow },
    });

  it('records punches of its own people, with or without an employeeId', async () => {
    for (const input of [{}, { employeeId: 'EMP-1' }, { officeId: here }]) {
      expect(await check(kiosk, { ...at, ...input })).toMatchObject({
        status: 'RECORDED',
        attendance: { employee: { employeeId: 'EMP-1' }, office: { id: here } },
      });
    }
  });

  it('tells people of another office so once their face has matched, and does not recognise them', async () => {
    expect(await check(kiosk, { ...at, ...collins, employeeId: 'EMP-2' })).toMatchObject({
      __typename: 'OtherOffice',
      status: 'OTHER_OFFICE',
      message: 'This office takes no visitors; punch at your own office',
      similarity: null,
      distanceFromOffice: null,
    });
    const { status } = await check(kiosk, { ...at, ...collins });
    expect(status).toBe('FACE_NOT_RECOGNIZED');
  });

  describe('towards somebody who tries employeeIds of other offices', () => {
    const outcomeOf = async (speaker: Speaker, input: object): Promise<string> => {
      const { data, errors } = await speaker.send<{ checkAttendance: CheckAnswer }>(CHECK, {
        input: { ...hopperAgain, ...at, ...input },
      });
      return data?.checkAttendance.status ?? String(errors?.[0]?.extensions.code);
    };
    const lift = (variables: object) =>
      admin.ask('mutation ($e: String, $k: ID) { liftLockout(employeeId: $e, keyId: $k) }', { ...variables });
    afterEach(async () => {
      await lift({ e: 'EMP-2' });
      await anotherKiosk();
    });

    it('does not reveal whose face it is after five refusals, and counts them for this kiosk only', async () => {
      for (let n = 0; n < 5; n++)
        expect(await outcomeOf(kiosk, { employeeId: 'EMP-2' })).toBe('EMPLOYEE_NOT_FOUND');
      await lift({ k: keyId });
      expect(await outcomeOf(kiosk, { ...collins, employeeId: 'EMP-2' })).toBe('EMPLOYEE_NOT_FOUND');
      const { lockouts } = await admin.ask<{ lockouts: unknown[] }>('{ lockouts { kind } }');
      expect(lockouts).toEqual([]);
      await anotherKiosk();
      expect(await outcomeOf(kiosk, { ...collins, employeeId: 'EMP-2' })).toBe('OTHER_OFFICE');
    });

    it('counts challenges of others, which would tell of whom there is', async () => {
      const office = { officeId: here };
      for (let n = 0; n < 20; n++) {
        const { createChallenge } = await kiosk.ask<{ createChallenge: { token: string } }>(CHALLENGE, {
          input: { ...office, employeeId: 'EMP-1' },
        });
        const challenge = createChallenge.token;
        expect(await outcomeOf(kiosk, { ...office, employeeId: 'ZZZ', challenge })).toBe('CHALLENGE_REFUSED');
      }
      expect(await outcomeOf(kiosk, { employeeId: 'EMP-1' })).toBe('TOO_MANY_REQUESTS');
    });

    it('answers as if there were nobody, and notes whom they meant', async () => {
      const nobody = await check(kiosk, { ...at, employeeId: 'NOBODY' });
      expect(nobody.status).toBe('EMPLOYEE_NOT_FOUND');
      expect(await check(kiosk, { ...at, employeeId: 'EMP-2' })).toEqual(nobody);
      const { employees } = await admin.ask<{ employees: { nodes: { id: string }[] } }>(
        '{ employees(filter: { search: "EMP-2" }) { nodes { id } } }',
      );
      const events = await until(
        async () =>
          (await auditOf(admin, { action: 'check.refused' })).filter(
            ({ caller }) => caller === `key:${keyId}`,
          ),
        (rows) => rows.filter(({ outcome }) => outcome === 'EMPLOYEE_NOT_FOUND').length === 2,
      );
      const told = events.filter(({ outcome }) => outcome === 'EMPLOYEE_NOT_FOUND');
      expect(told.map(({ caller, employeeId, details }) => ({ caller, employeeId, details }))).toEqual(
        expect.arrayContaining([
          {
            caller: `key:${keyId}`,
            employeeId: null,
            details: [{ name: 'count', value: '1' }],
          },
          {
            caller: `key:${keyId}`,
            employeeId: employees.nodes[0]?.id,
            details: [
              { name: 'count', value: '1' },
              { name: 'reason', value: 'OTHER_OFFICE' },
            ],
          },
        ]),
      );
    });

    it('locks nobody out but itself, after as many as faces', async () => {
      for (let n = 0; n < 10; n++)
        expect(await outcomeOf(kiosk, { employeeId: 'EMP-2' })).toBe('EMPLOYEE_NOT_FOUND');
      expect(await outcomeOf(admin, { ...collins, ...inQuito, employeeId: 'EMP-2' })).toBe('RECORDED');
      await lift({ k: keyId });
      for (let n = 0; n < 20; n++) {
        const employeeId = n % 2 === 0 ? 'EMP-2' : 'NOBODY';
        expect(await outcomeOf(kiosk, { employeeId })).toBe('EMPLOYEE_NOT_FOUND');
      }
      for (const employeeId of ['EMP-2', 'NOBODY', 'EMP-1'])
        expect(await outcomeOf(kiosk, { employeeId })).toBe('TOO_MANY_REQUESTS');
    });

    it('says nothing of a lock, nor by it that a face is right', async () => {
      for (let n = 0; n < 5; n++)
        expect(await outcomeOf(admin, { employeeId: 'EMP-2' })).toBe('FACE_MISMATCH');
      expect(await outcomeOf(admin, { employeeId: 'EMP-2' })).toBe('TOO_MANY_REQUESTS');
      for (const face of [hopperAgain, collins])
        expect(await outcomeOf(kiosk, { employeeId: 'EMP-2', ...face })).toBe('EMPLOYEE_NOT_FOUND');
    });

    it('makes challenges for whomever, which say nothing of who there is either', async () => {
      const challengeFor = async (employeeId: string): Promise<string> =>
        (
          await kiosk.ask<{ createChallenge: { token: string } }>(CHALLENGE, {
            input: { officeId: here, employeeId },
          })
        ).createChallenge.token;
      const use = async (made: string, employeeId: string, face: object = hopperAgain): Promise<string> =>
        outcomeOf(kiosk, { ...face, officeId: here, employeeId, challenge: await challengeFor(made) });
      // One is bound to an employee of the office, and what it was made for otherwise cannot be made out.
      expect(await use('EMP-1', 'EMP-1')).toBe('RECORDED');
      expect(await use('EMP-1', 'EMP-2')).toBe('CHALLENGE_REFUSED');
      for (const made of ['EMP-2', 'NOBODY']) {
        expect(await use(made, 'EMP-1')).toBe('RECORDED');
        expect(await use(made, made)).toBe('EMPLOYEE_NOT_FOUND');
      }
      expect(await use('EMP-2', 'EMP-2', collins)).toBe('OTHER_OFFICE');
      // Who may see everybody is told.
      const fault = await admin.fault(CHALLENGE, { input: { employeeId: 'NOBODY' } });
      expect(fault.extensions).toMatchObject({ code: 'NOT_FOUND', field: 'employeeId' });
    });
  });

  it('refuses people without an office', async () => {
    await admin.ask('mutation ($input: UpdateEmployeeInput!) { updateEmployee(input: $input) { id } }', {
      input: { employeeId: 'EMP-2', officeId: null },
    });
    expect((await check(kiosk, { ...at, ...collins, employeeId: 'EMP-2' })).status).toBe('OTHER_OFFICE');
    await admin.ask('mutation ($input: UpdateEmployeeInput!) { updateEmployee(input: $input) { id } }', {
      input: { employeeId: 'EMP-2', officeId: elsewhere },
    });
  });

  it('takes visitors if the office allows it, within its own geofence and for its own office', async () => {
    await allowVisitors(true);
    try {
      // Its own office is what it may name, and does not make strangers of visitors.
      for (const input of [{}, { officeId: here }, { employeeId: 'EMP-2' }]) {
        expect(await check(kiosk, { ...at, ...collins, ...input })).toMatchObject({
          status: 'RECORDED',
          distanceFromOffice: 0,
          attendance: { employee: { employeeId: 'EMP-2' }, office: { id: here } },
        });
      }
      // Where they work is not where they are.
      const outside = await check(kiosk, { latitude: 10, longitude: 10, ...collins, employeeId: 'EMP-2' });
      expect(outside).toMatchObject({ status: 'OUTSIDE_OFFICE', office: { id: here } });
    } finally {
      await allowVisitors(false);
    }
  });

  it('names no other office, in a check or for a challenge', async () => {
    const input = { ...hopperAgain, officeId: elsewhere };
    for (const [document, given] of [
      [CHECK, input],
      [CHALLENGE, { officeId: elsewhere }],
      [CHECK, { ...input, officeId: 'x' }],
    ] as const) {
      expect(await kiosk.fault(document, { input: given })).toMatchObject({
        message: 'A kiosk can only check for its own office',
        extensions: { code: 'FORBIDDEN', field: 'officeId' },
      });
    }
  });

  it('uses challenges of its own', async () => {
    const { createChallenge } = await kiosk.ask<{ createChallenge: { token: string } }>(CHALLENGE, {
      input: { officeId: here },
    });
    const input = { ...at, officeId: here, challenge: createChallenge.token };
    // Nobody else's: not the administrator's either.
    expect((await check(admin, input)).status).toBe('CHALLENGE_REFUSED');
    expect((await check(kiosk, input)).status).toBe('RECORDED');
  });

  it('sees its own office only, and no photo of anybody', async () => {
    expect(await kiosk.ask('{ offices { id } }')).toEqual({ offices: [{ id: here }] });
    const recorded = await check(kiosk, { ...at, employeeId: 'EMP-1' });
    expect(recorded).toMatchObject({
      status: 'RECORDED',
      cloudinaryUrl: null,
      attendance: { imageUrl: null, localImageUrl: null, cloudinaryImageUrl: null },
    });
    const photos = 'employee { faceImageUrl cloudinaryFaceImageUrl imageUrl thumbnailUrl }';
    const document = CHECK.replace('employee { id employeeId name }', photos);
    const { checkAttendance } = await kiosk.ask<{ checkAttendance: { attendance: { employee: object } } }>(
      document,
      { input: { ...hopper, ...at } },
    );
    expect(new Set(Object.values(checkAttendance.attendance.employee))).toEqual(new Set([null]));
    // Nor by an address that it was told by somebody else.
    const { attendances } = await admin.ask<{ attendances: { nodes: { localImageUrl: string }[] } }>(
      '{ attendances(first: 1) { nodes { localImageUrl } } }',
    );
    const { pathname } = new URL(attendances.nodes[0]?.localImageUrl ?? '');
    for (const path of [pathname, '/media/face_images/EMP-1.jpg', '/media/nothing']) {
      const answer = await send(service.url, path, {
        headers: { authorization: `Bearer ${kiosk.credential}` },
      });
      expect([answer.status, faultOf(answer).extensions.code]).toEqual([403, 'FORBIDDEN']);
    }
    const allowed = await send(service.url, pathname, {
      headers: { authorization: `Bearer ${admin.credential}` },
    });
    expect(allowed.status).toBe(200);
  });

  it('is refused operations that reveal more of its people, before anything is recorded', async () => {
    const count = async (): Promise<number> =>
      (await admin.ask<{ attendances: { totalCount: number } }>('{ attendances { totalCount } }')).attendances
        .totalCount;
    const before = await count();
    const document = CHECK.replace('employee { id employeeId name }', 'employee { faceTemplates { id } }');
    const fault = await kiosk.fault(document, { input: { ...hopper, ...at } });
    expect(fault).toMatchObject({
      message: 'Role KIOSK may not use Employee.faceTemplates',
      extensions: { code: 'FORBIDDEN' },
    });
    expect(await count()).toBe(before);
  });
});
