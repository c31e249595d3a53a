/** Real: the service over HTTP, the database, descriptors of real photos. Fake: the clock. */
import { createKey, createOffice, Speaker, startClosed, type Key } from '../support/access';
import type { Clock } from '../support/clock';
import { CHECK, type CheckAnswer, collins, hopper, register } from '../support/operations';
import { base64Photo, strangerDescriptor } from '../support/photos';
import { auditOf } from '../support/privacy';
import type { TestService } from '../support/service';

const LIFT =
  'mutation ($employeeId: String, $keyId: ID) { liftLockout(employeeId: $employeeId, keyId: $keyId) }';
const LOCKOUTS = '{ lockouts { kind daily keyId failures lockedUntil employee { employeeId } } }';
const DAY = 86_400_000;
/** Without the short counters, so that only those of a day are seen. */
const slowOnly = { LOCKOUT_EMPLOYEE_FAILURES: '0', LOCKOUT_KEY_FAILURES: '0' };

describe('a lockout of a day', () => {
  let service: TestService;
  let admin: Speaker;
  let clock: Clock;
  let office: string;
  let key: Key;
  let kiosk: Speaker;

  const start = async (env: Readonly<Record<string, string>>): Promise<void> => {
    ({ service, admin, clock } = await startClosed({ env: { FACE_DESCRIPTOR_TRUST: 'client', ...env } }));
    office = await createOffice(admin, { name: 'Lima' });
    key = await createKey(admin, { role: 'KIOSK', officeId: office, allowOffline: true });
    kiosk = new Speaker(service, key.secret);
    await register(admin, { officeId: office });
  };
  afterEach(() => service.stop());

  const imageBase64 = base64Photo('tiny.jpg');
  const right = { employeeId: 'EMP-1', faceDescriptor: hopper.faceDescriptor, imageBase64 };
  const wrong = { employeeId: 'EMP-1', faceDescriptor: collins.faceDescriptor, imageBase64 };
  const stranger = { faceDescriptor: strangerDescriptor(1), imageBase64 };
  const outcomeOf = async (speaker: Speaker, input: object): Promise<string> => {
    const { data, errors } = await speaker.send<{ checkAttendance: CheckAnswer }>(CHECK, { input });
    return data?.checkAttendance.status ?? String(errors?.[0]?.extensions.code);
  };
  const times = async (n: number, speaker: Speaker, input: object): Promise<string[]> => {
    const outcomes: string[] = [];
    for (let i = 0; i < n; i++) outcomes.push(await outcomeOf(speaker, input));
    return outcomes;
  };

  it('begins with the 30th refused face of an employee, though right ones come between', async () => {
    await start(slowOnly);
    for (let n = 0; n < 6; n++) {
      expect(await times(5, admin, wrong)).toEqual(Array(5).fill('FACE_MISMATCH'));
      clock.advance(3_600_000);
      if (n < 5) expect(await outcomeOf(admin, right)).toBe('RECORDED');
    }
    clock.advance(-3_600_000);
    for (const input of [wrong, right]) {
      const { message, extensions } = await admin.fault(CHECK, { input });
      expect(message).toContain('see HR');
      expect(extensions).toMatchObject({
        code: 'TOO_MANY_REQUESTS',
        lockout: 'DAILY',
        retryAfterSeconds: 86_400,
      });
    }
    const until = new Date(clock.now().getTime() + DAY).toISOString();
    const hr = new Speaker(service, (await createKey(admin, { role: 'HR' })).secret);
    expect(await hr.ask(LOCKOUTS)).toEqual({
      lockouts: [
        {
          ...{ kind: 'EMPLOYEE', daily: true, keyId: null, failures: 30, lockedUntil: until },
          employee: { employeeId: 'EMP-1' },
        },
      ],
    });
    await service.app.settle();
    expect((await auditOf(admin, { action: 'lockout.begin' }))[0]?.details).toContainEqual({
      name: 'daily',
      value: 'true',
    });
    expect(await hr.ask(LIFT, { employeeId: 'EMP-1' })).toEqual({ liftLockout: true });
    expect(await outcomeOf(admin, right)).toBe('RECORDED');
    expect(await times(30, admin, wrong)).toEqual(Array(30).fill('FACE_MISMATCH'));
    expect(await outcomeOf(admin, right)).toBe('TOO_MANY_REQUESTS');
    clock.advance(DAY);
    expect(await outcomeOf(admin, right)).toBe('RECORDED');
    expect(await times(30, admin, wrong)).toEqual(Array(30).fill('FACE_MISMATCH'));
  });

  it('begins for a key after 30 and two for each active employee of its office', async () => {
    await start(slowOnly);
    const elsewhere = await createOffice(admin, { name: 'Quito' });
    for (const [n, officeId] of [office, office, elsewhere, elsewhere].entries()) {
      const person = { employeeId: `MORE-${n}`, allowDuplicateFace: true, officeId };
      await register(admin, { ...person, faceDescriptor: strangerDescriptor(100 + n) });
    }
    await admin.ask('mutation { deactivateEmployee(employeeId: "MORE-1") { employeeId } }');
    // Two are active at the office.
    expect(await times(34, kiosk, stranger)).toEqual(Array(34).fill('FACE_NOT_RECOGNIZED'));
    expect(await outcomeOf(kiosk, right)).toBe('TOO_MANY_REQUESTS');
    const { lockouts } = await admin.ask<{ lockouts: object[] }>(LOCKOUTS);
    expect(lockouts).toMatchObject([{ kind: 'KEY', daily: true, keyId: key.id, failures: 34 }]);
    expect(await admin.ask(LIFT, { keyId: key.id })).toEqual({ liftLockout: true });
    expect(await outcomeOf(kiosk, right)).toBe('RECORDED');
    // A key of no office is there for everybody.
    const hr = new Speaker(service, (await createKey(admin, { role: 'HR' })).secret);
    expect(await times(38, hr, stranger)).toEqual(Array(38).fill('FACE_NOT_RECOGNIZED'));
    expect(await outcomeOf(hr, right)).toBe('TOO_MANY_REQUESTS');
  });

  it('begins for a key that stays below the short limit, 19 faces in 301 seconds', async () => {
    await start({});
    const outcomes: string[] = [];
    for (let n = 0; n < 2; n++) {
      outcomes.push(...(await times(19, kiosk, stranger)));
      clock.advance(301_000);
    }
    expect(outcomes).toEqual([
      ...Array<string>(32).fill('FACE_NOT_RECOGNIZED'),
      ...Array<string>(6).fill('TOO_MANY_REQUESTS'),
    ]);
  });

  it('does not lose saved punches: they become review items, whatever the face', async () => {
    await start(slowOnly);
    await times(30, admin, wrong);
    clock.advance(3_600_000);
    const capturedAt = new Date(clock.now().getTime() - 60_000).toISOString();
    const review = CHECK.replace(
      '... on FaceMismatch',
      '... on ReviewQueued { reviewReason } ... on FaceMismatch',
    );
    const answers: object[] = [];
    for (const [n, face] of [right, wrong].entries()) {
      const input = { ...face, capturedAt, requestId: `saved-${n}` };
      answers.push(await kiosk.ask(review, { input }));
    }
    expect(answers[0]).toMatchObject({
      checkAttendance: { status: 'REVIEW', reviewReason: 'LOCKED_OUT' },
    });
    expect(answers[1]).toEqual(answers[0]);
    const { reviewItems } = await admin.ask<{ reviewItems: { nodes: object[] } }>(
      '{ reviewItems { nodes { reason employee { employeeId } localImageUrl } } }',
    );
    expect(reviewItems.nodes).toHaveLength(2);
    expect(reviewItems.nodes[0]).toMatchObject({
      reason: 'LOCKED_OUT',
      employee: { employeeId: 'EMP-1' },
      localImageUrl: expect.any(String) as string,
    });
    // A key that is locked sends what it has saved as well.
    await admin.ask(LIFT, { employeeId: 'EMP-1' });
    await times(32, kiosk, stranger);
    expect(await kiosk.ask(review, { input: { ...right, capturedAt, requestId: 'of-the-key' } })).toEqual(
      answers[0],
    );
  });

  it('can be turned off', async () => {
    await start({
      ...slowOnly,
      LOCKOUT_EMPLOYEE_FAILURES_PER_DAY: '0',
      LOCKOUT_KEY_FAILURES_PER_DAY: '0',
    });
    expect(await times(36, kiosk, wrong)).toEqual(Array(36).fill('FACE_MISMATCH'));
  });
});
