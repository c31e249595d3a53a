/** Real: services over HTTP, the database, photos of two people. Fake: the clock. */
import { Statements } from '../../src/database/statements';
import { LockoutKind } from '../../src/entities/lockout.entity';
import { LockoutService } from '../../src/services/access/lockout-service';
import { EmployeeService } from '../../src/services/employees/employee-service';
import { OfficeService } from '../../src/services/offices/office-service';
import { createKey, createOffice, Speaker, startClosed } from '../support/access';
import { Clock } from '../support/clock';
import { openDataSource } from '../support/data-source';
import { createStorage, itOnServer, type TestStorage } from '../support/databases';
import { CHECK, check, type CheckAnswer, collins, hopper, register } from '../support/operations';
import { base64Photo, strangerDescriptor } from '../support/photos';
import type { TestService } from '../support/service';

const LIFT =
  'mutation ($employeeId: String, $keyId: ID) { liftLockout(employeeId: $employeeId, keyId: $keyId) }';
/** For those of a day see daily-lockouts.test.ts. */
const env = {
  ...{ LOCKOUT_KEY_FAILURES_PER_DAY: '0', LOCKOUT_EMPLOYEE_FAILURES_PER_DAY: '0' },
  FACE_DESCRIPTOR_TRUST: 'client',
};
const noDaily = { employeeFailuresPerDay: 0, keyFailuresPerDay: 0 };
const LOCKOUTS = '{ lockouts { kind keyId failures lockedUntil employee { employeeId } } }';

describe('a lockout after refused faces', () => {
  let storage: TestStorage;
  let service: TestService;
  let admin: Speaker;
  let clock: Clock;

  beforeEach(async () => {
    storage = await createStorage();
    ({ service, admin, clock } = await startClosed({ storage, env }));
    await register(admin);
  });
  afterEach(async () => {
    await service.stop();
    await storage.remove();
  });

  // Small, since it is the descriptor that decides, and it is sent very often.
  const imageBase64 = base64Photo('tiny.jpg');
  const imposter = { employeeId: 'EMP-1', faceDescriptor: collins.faceDescriptor, imageBase64 };
  /** What came of a check: the outcome, or the seconds to wait. */
  const outcomeOf = async (speaker: Speaker, input: object): Promise<string | number> => {
    const { data, errors } = await speaker.send<{ checkAttendance: CheckAnswer }>(CHECK, { input });
    if (data != null) return data.checkAttendance.status;
    expect(errors?.[0]?.extensions.code).toBe('TOO_MANY_REQUESTS');
    return errors?.[0]?.extensions['retryAfterSeconds'] as number;
  };
  const times = async (n: number, speaker: Speaker, input: object): Promise<(string | number)[]> => {
    const outcomes: (string | number)[] = [];
    for (let i = 0; i < n; i++) outcomes.push(await outcomeOf(speaker, input));
    return outcomes;
  };

  it('the sixth check of an employee waits, and longer with each further refusal, from any sender', async () => {
    expect(await times(5, admin, imposter)).toEqual(Array(5).fill('FACE_MISMATCH'));
    const { secret } = await createKey(admin, { role: 'HR' });
    // The right face too, and without an employeeId: neither must say whether it would have done.
    for (const speaker of [admin, new Speaker(service, secret)]) {
      expect(await outcomeOf(speaker, { employeeId: 'EMP-1', ...hopper })).toBe(30);
      expect(await outcomeOf(speaker, { ...hopper })).toBe('FACE_NOT_RECOGNIZED');
      expect(await outcomeOf(speaker, imposter)).toBe(30);
    }
    clock.advance(29_000);
    expect(await outcomeOf(admin, imposter)).toBe(1);
    for (const seconds of [60, 120, 240]) {
      clock.advance(seconds === 60 ? 1000 : (seconds / 2) * 1000);
      expect(await times(2, admin, imposter)).toEqual(['FACE_MISMATCH', seconds]);
    }
    // Others are not concerned.
    await register(admin, { employeeId: 'EMP-2', ...collins });
    expect((await check(admin, { employeeId: 'EMP-2', ...collins })).status).toBe('RECORDED');
  });

  it('never waits longer than an hour', async () => {
    await times(5, admin, imposter);
    for (let n = 0; n < 9; n++) {
      clock.advance(3_600_000);
      await outcomeOf(admin, imposter);
    }
    expect(await outcomeOf(admin, imposter)).toBe(3600);
  });

  it('a recorded punch resets the count', async () => {
    for (let n = 0; n < 3; n++) {
      expect(await times(4, admin, imposter)).toEqual(Array(4).fill('FACE_MISMATCH'));
      expect(await outcomeOf(admin, { employeeId: 'EMP-1', ...hopper })).toBe('RECORDED');
    }
  });

  it('so does every match, though it records nothing: the employee is there', async () => {
    const office = await createOffice(admin, { name: 'Lima', latitude: 0, longitude: 0, radiusMeters: 10 });
    await admin.ask('mutation ($input: UpdateEmployeeInput!) { updateEmployee(input: $input) { id } }', {
      input: { employeeId: 'EMP-1', officeId: office },
    });
    const far = { employeeId: 'EMP-1', latitude: 10, longitude: 10 };
    for (let n = 0; n < 3; n++) {
      expect(await times(4, admin, { ...imposter, ...far })).toEqual(Array(4).fill('FACE_MISMATCH'));
      expect(await outcomeOf(admin, { ...hopper, ...far })).toBe('OUTSIDE_OFFICE');
    }
  });

  it('a volley of checks reveals no more faces than checks one after the other', async () => {
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => outcomeOf(admin, imposter)));
    expect(outcomes.filter((outcome) => outcome === 'FACE_MISMATCH')).toHaveLength(5);
    expect(outcomes.filter((outcome) => outcome === 30)).toHaveLength(15);
  });

  it('is listed, and lifted by ADMIN or HR', async () => {
    await times(5, admin, imposter);
    const until = new Date(clock.now().getTime() + 30_000).toISOString();
    const hr = new Speaker(service, (await createKey(admin, { role: 'HR' })).secret);
    expect(await hr.ask(LOCKOUTS)).toEqual({
      lockouts: [
        { kind: 'EMPLOYEE', keyId: null, failures: 5, lockedUntil: until, employee: { employeeId: 'EMP-1' } },
      ],
    });
    expect(await hr.ask(LIFT, { employeeId: 'emp-1' })).toEqual({ liftLockout: true });
    expect(await hr.ask(LIFT, { employeeId: 'EMP-1' })).toEqual({ liftLockout: false });
    expect(await hr.ask(LOCKOUTS)).toEqual({ lockouts: [] });
    expect(await times(5, admin, imposter)).toEqual(Array(5).fill('FACE_MISMATCH'));
    for (const given of [{}, { employeeId: 'EMP-1', keyId: 'x' }]) {
      expect((await hr.fault(LIFT, given)).extensions.code).toBe('BAD_USER_INPUT');
    }
    expect((await hr.fault(LIFT, { employeeId: 'NOBODY' })).extensions.code).toBe('NOT_FOUND');
  });

  it('the 21st check of a key waits, and no other key; the key of the environment never does', async () => {
    const office = await createOffice(admin, { name: 'Lima' });
    const key = await createKey(admin, { role: 'KIOSK', officeId: office });
    const other = await createKey(admin, { role: 'KIOSK', officeId: office });
    const kiosk = new Speaker(service, key.secret);
    const stranger = (seed: number) => ({ imageBase64, faceDescriptor: strangerDescriptor(seed) });
    expect(await times(20, kiosk, stranger(1))).toEqual(Array(20).fill('FACE_NOT_RECOGNIZED'));
    expect(await times(2, kiosk, stranger(1))).toEqual([30, 30]);
    expect(await outcomeOf(kiosk, { employeeId: 'EMP-1', ...hopper })).toBe(30);
    expect(await outcomeOf(new Speaker(service, other.secret), stranger(1))).toBe('FACE_NOT_RECOGNIZED');
    expect(await times(25, admin, stranger(1))).toEqual(Array(25).fill('FACE_NOT_RECOGNIZED'));
    clock.advance(30_000);
    expect(await times(2, kiosk, stranger(1))).toEqual(['FACE_NOT_RECOGNIZED', 60]);
    expect(await admin.ask(LIFT, { keyId: key.id })).toEqual({ liftLockout: true });
    expect(await times(20, kiosk, stranger(1))).toEqual(Array(20).fill('FACE_NOT_RECOGNIZED'));
    // Five minutes after the lock is over it is as if nothing had been.
    clock.advance(331_000);
    expect(await times(20, kiosk, stranger(1))).toEqual(Array(20).fill('FACE_NOT_RECOGNIZED'));
    // Those of more than five minutes ago do not count.
    await admin.ask(LIFT, { keyId: key.id });
    await times(19, kiosk, stranger(1));
    clock.advance(300_000);
    expect(await times(20, kiosk, stranger(1))).toEqual(Array(20).fill('FACE_NOT_RECOGNIZED'));
  });

  it('goes on after a restart, and can be turned off', async () => {
    await times(5, admin, imposter);
    await service.stop();
    ({ service, admin, clock } = await startClosed({ storage, env, now: clock.now }));
    expect(typeof (await outcomeOf(admin, imposter))).toBe('number');
    await service.stop();
    const off = { ...env, LOCKOUT_EMPLOYEE_FAILURES: '0', LOCKOUT_WINDOW_SECONDS: '0' };
    ({ service, admin, clock } = await startClosed({ storage, env: off }));
    expect(await times(8, admin, imposter)).toEqual(Array(8).fill('FACE_MISMATCH'));
    const hr = new Speaker(service, (await createKey(admin, { role: 'HR' })).secret);
    const stranger = { imageBase64, faceDescriptor: strangerDescriptor(2) };
    expect(await times(25, hr, stranger)).toEqual(Array(25).fill('FACE_NOT_RECOGNIZED'));
  });
});

it('refusals are forgotten a day after the last one', async () => {
  const storage = await createStorage();
  const dataSource = await openDataSource(storage);
  try {
    const clock = new Clock();
    const employees = new EmployeeService(dataSource, new OfficeService(dataSource));
    const limits = { employeeFailures: 5, keyFailures: 20, windowSeconds: 300, ...noDaily };
    const lockouts = new LockoutService(dataSource, new Statements(dataSource), employees, limits, clock.now);
    const kept = async (): Promise<string[]> =>
      (await dataSource.query<{ subject: string }[]>('SELECT subject FROM lockouts')).map(
        ({ subject }) => subject,
      );
    await lockouts.countFailure([{ kind: LockoutKind.KEY, subject: 'key:one' }]);
    clock.advance(3_600_000);
    await lockouts.countFailure([{ kind: LockoutKind.EMPLOYEE, subject: 'two' }]);
    clock.advance(86_400_000 - 1);
    await lockouts.purge();
    expect(await kept()).toEqual(['two']);
    clock.advance(2);
    await lockouts.purge();
    expect(await kept()).toEqual([]);
  } finally {
    await dataSource.destroy();
    await storage.remove();
  }
});

it('a lock is not lifted without the note that says who did it', async () => {
  const storage = await createStorage();
  const dataSource = await openDataSource(storage);
  try {
    const clock = new Clock();
    const employees = new EmployeeService(dataSource, new OfficeService(dataSource));
    const limits = { employeeFailures: 5, keyFailures: 1, windowSeconds: 300, ...noDaily };
    const lockouts = new LockoutService(dataSource, new Statements(dataSource), employees, limits, clock.now);
    await lockouts.countFailure([{ kind: LockoutKind.KEY, subject: 'jwt:somebody' }]);
    const locked = await lockouts.list();
    expect(locked).toHaveLength(1);
    const lift = () =>
      lockouts.lift({ employeeId: null, keyId: 'jwt:somebody' }, { caller: 'admin', address: null });
    await dataSource.query('ALTER TABLE audit_events ADD CONSTRAINT none CHECK (false) NOT VALID');
    await expect(lift()).rejects.toThrow('none');
    expect(await lockouts.list()).toEqual(locked);
    await dataSource.query('ALTER TABLE audit_events DROP CONSTRAINT none');
    expect(await lift()).toBe(true);
    expect(await lockouts.list()).toEqual([]);
    expect(await dataSource.query('SELECT action, caller, details FROM audit_events')).toEqual([
      { action: 'lockout.lift', caller: 'admin', details: { locked: 'jwt:somebody', lifted: true } },
    ]);
  } finally {
    await dataSource.destroy();
    await storage.remove();
  }
});

itOnServer('two nodes count together', async () => {
  const storage = await createStorage();
  const nodes = await Promise.all([startClosed({ storage }), startClosed({ storage })]);
  try {
    await register(nodes[0].admin);
    const input = { employeeId: 'EMP-1', ...collins };
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        nodes[n % 2 === 0 ? 0 : 1].admin.send<{ checkAttendance: CheckAnswer }>(CHECK, { input }),
      ),
    );
    expect(answers.filter(({ data }) => data?.checkAttendance.status === 'FACE_MISMATCH')).toHaveLength(5);
    const { extensions } = await nodes[1].admin.fault(CHECK, { input });
    expect(extensions).toMatchObject({ code: 'TOO_MANY_REQUESTS' });
  } finally {
    await Promise.all(nodes.map(({ service }) => service.stop()));
    await storage.remove();
  }
});
