/** Real: the service over HTTP, the database, descriptors of real photos. Fake: the clock. */
import { createKey, createOffice, Speaker, startClosed } from '../support/access';
import type { Clock } from '../support/clock';
import {
  CHECK,
  type CheckAnswer,
  check,
  collins,
  hopper,
  hopperAgain,
  register,
} from '../support/operations';
import { photo, strangerDescriptor } from '../support/photos';
import { auditOf } from '../support/privacy';
import type { TestService } from '../support/service';
import { until } from '../support/until';

describe.each(['always', 'match'])('while an employee is locked (EXPOSE_SIMILARITY=%s)', (expose) => {
  let service: TestService;
  let admin: Speaker;
  let clock: Clock;
  let office: string;
  let kiosk: Speaker;

  beforeEach(async () => {
    ({ service, admin, clock } = await startClosed({
      env: { EXPOSE_SIMILARITY: expose, FACE_DESCRIPTOR_TRUST: 'client' },
    }));
    office = await createOffice(admin, { name: 'Lima' });
    kiosk = new Speaker(service, (await createKey(admin, { role: 'KIOSK', officeId: office })).secret);
    await register(admin, { officeId: office });
  });
  afterEach(() => service.stop());

  /** Another photo each time. */
  const picture = (n: number) => Buffer.concat([photo('tiny.jpg'), Buffer.from([n])]).toString('base64');
  const wrong = { employeeId: 'EMP-1', faceDescriptor: collins.faceDescriptor, imageBase64: picture(0) };
  const outcomeOf = async (speaker: Speaker, input: object): Promise<string> => {
    const { data, errors } = await speaker.send<{ checkAttendance: CheckAnswer }>(CHECK, { input });
    return data?.checkAttendance.status ?? String(errors?.[0]?.extensions.code);
  };
  const lock = async (): Promise<void> => {
    for (let n = 0; n < 5; n++) await outcomeOf(admin, wrong);
    expect(await outcomeOf(admin, wrong)).toBe('TOO_MANY_REQUESTS');
  };
  const counters = () =>
    service.sql(`SELECT daily, failures, locked_until FROM lockouts WHERE kind = 'EMPLOYEE' ORDER BY daily`);

  it('their face is nobody’s, and counts as the face of a stranger', async () => {
    await lock();
    const before = await counters();
    const theirs = { ...hopperAgain };
    const unknown = { imageBase64: picture(1), faceDescriptor: strangerDescriptor(1) };
    for (const speaker of [admin, kiosk]) {
      const [mine, strangers] = [await check(speaker, theirs), await check(speaker, unknown)];
      expect(mine.status).toBe('FACE_NOT_RECOGNIZED');
      // Nobody else is enrolled, so there is nobody to be like; of a stranger the same would be said if they were not.
      const hidden = { similarity: null, similarityOf: null };
      expect({ ...mine, ...hidden }).toEqual({ ...strangers, ...hidden });
      expect(mine.similarity).toBeNull();
    }
    expect(await counters()).toEqual(before);
    const [{ failures } = { failures: 0 }] = await service.sql<{ failures: number }>(
      `SELECT failures FROM lockouts WHERE kind = 'KEY' AND NOT daily`,
    );
    expect(failures).toBe(2);
    // Administrators can see whose it was.
    const events = await until(
      () => auditOf(admin, { action: 'check.refused' }),
      (rows) => rows.some(({ details }) => details.some(({ value }) => value === 'EMPLOYEE_LOCKED')),
    );
    expect(
      events.find(({ details }) => details.some(({ value }) => value === 'EMPLOYEE_LOCKED')),
    ).toMatchObject({
      outcome: 'FACE_NOT_RECOGNIZED',
      employeeId: expect.any(String) as string,
    });
    clock.advance(31_000);
    expect(await outcomeOf(admin, theirs)).toBe('RECORDED');
  });

  it('the answer is that of a gallery without them', async () => {
    await register(admin, { employeeId: 'EMP-2', name: 'Eileen Collins', officeId: office, ...collins });
    await lock();
    const locked = await check(admin, hopperAgain);
    await admin.ask('mutation { deactivateEmployee(employeeId: "EMP-1") { employeeId } }');
    expect(locked).toEqual(await check(admin, hopperAgain));
    expect(locked.similarity).toBe(expose === 'always' ? 0.89 : null);
  });

  it('a retry is answered for the same photo only, and lifts nothing', async () => {
    const first = { ...hopper, employeeId: 'EMP-1', requestId: 'first' };
    const { attendance } = await check(kiosk, first);
    await lock();
    const before = await counters();
    const again = await check(kiosk, first);
    expect([again.status, again.attendance?.id]).toEqual(['ALREADY_RECORDED', attendance?.id]);
    // The face alone, too; what else is sent is not looked at.
    const byFace = { ...hopper, requestId: 'first' };
    expect(await outcomeOf(kiosk, byFace)).toBe('ALREADY_RECORDED');
    const others: [object, string][] = [
      [{ ...first, imageBase64: hopperAgain.imageBase64 }, 'TOO_MANY_REQUESTS'],
      [{ ...first, ...collins }, 'TOO_MANY_REQUESTS'],
      [{ ...first, imageBase64: picture(2) }, 'TOO_MANY_REQUESTS'],
      [{ ...byFace, ...hopperAgain }, 'FACE_NOT_RECOGNIZED'],
      [{ ...first, requestId: 'second' }, 'TOO_MANY_REQUESTS'],
    ];
    for (const [input, outcome] of others) expect(await outcomeOf(kiosk, input)).toBe(outcome);
    // With a wrong descriptor beside the right photo nobody learns whether it would do.
    const { faceDescriptor } = collins;
    expect(await outcomeOf(kiosk, { ...first, faceDescriptor })).toBe('ALREADY_RECORDED');
    expect(await counters()).toEqual(before);
    expect(await outcomeOf(admin, { ...hopperAgain, employeeId: 'EMP-1' })).toBe('TOO_MANY_REQUESTS');
  });

  it('a retry of an old punch does not begin the count again', async () => {
    const first = { ...hopper, employeeId: 'EMP-1', requestId: 'first' };
    await check(kiosk, first);
    for (let n = 0; n < 5; n++) {
      expect(await outcomeOf(admin, wrong)).toBe('FACE_MISMATCH');
      expect(await outcomeOf(kiosk, first)).toBe('ALREADY_RECORDED');
    }
    expect(await outcomeOf(admin, wrong)).toBe('TOO_MANY_REQUESTS');
  });
});
