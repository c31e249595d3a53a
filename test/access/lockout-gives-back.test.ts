/** Real: the service over HTTP, the database, the guard against replays. Fake: the clock, a fault of the database. */
import { createKey, Speaker, startClosed } from '../support/access';
import { openDataSource } from '../support/data-source';
import { createStorage, type TestStorage } from '../support/databases';
import { CHECK, type CheckAnswer, collins, register } from '../support/operations';
import { near, photo } from '../support/photos';
import type { TestService } from '../support/service';
import { auditOf } from '../support/privacy';
import { until } from '../support/until';

const CHALLENGE = 'mutation ($input: CreateChallengeInput!) { createChallenge(input: $input) { token } }';
const LIFT = 'mutation { liftLockout(employeeId: "EMP-1") }';
const env = { REPLAY_WINDOW_DAYS: '1', FACE_DESCRIPTOR_TRUST: 'client' };

/** Another face and another photo each time: what is sent twice is a replay. */
const sample = (n: number) => ({
  employeeId: 'EMP-1',
  faceDescriptor: near(collins.faceDescriptor, 0.99, n),
  imageBase64: Buffer.concat([photo('tiny.jpg'), Buffer.from([n])]).toString('base64'),
});

describe('a check that is answered with an error', () => {
  let storage: TestStorage;
  let service: TestService;
  let admin: Speaker;

  beforeEach(async () => {
    storage = await createStorage();
  });
  afterEach(async () => {
    await service.stop();
    await storage.remove();
  });

  const challenged = async (n: number, speaker = admin): Promise<object> => {
    const { createChallenge } = await speaker.ask<{ createChallenge: { token: string } }>(CHALLENGE, {
      input: { employeeId: 'EMP-1' },
    });
    return { ...sample(n), challenge: createChallenge.token };
  };
  const outcomeOf = async (input: object, speaker = admin): Promise<string> => {
    const { data, errors } = await speaker.send<{ checkAttendance: CheckAnswer }>(CHECK, { input });
    return data?.checkAttendance.status ?? String(errors?.[0]?.extensions.code);
  };

  it('because others were refused first has used up nothing; the one that began the lock has', async () => {
    ({ service, admin } = await startClosed({ storage, env }));
    await register(admin);
    const inputs: object[] = [];
    for (let n = 0; n < 16; n++) inputs.push(await challenged(n));
    const outcomes = await Promise.all(inputs.map((input) => outcomeOf(input)));
    expect(outcomes.filter((outcome) => outcome === 'FACE_MISMATCH')).toHaveLength(5);
    expect(outcomes.filter((outcome) => outcome === 'TOO_MANY_REQUESTS')).toHaveLength(11);
    for (const [n, input] of inputs.entries()) {
      await admin.ask(LIFT);
      // An answer that was given is not given a second time; what was withheld is.
      const again = outcomes[n] === 'FACE_MISMATCH' ? 'CHALLENGE_REFUSED' : 'FACE_MISMATCH';
      expect([n, await outcomeOf(input)]).toEqual([n, again]);
    }
  });

  it('because the count failed has used up nothing, and is in the audit trail; the next one counts', async () => {
    const dataSource = await openDataSource(storage);
    for (const sql of [
      'CREATE SEQUENCE faults',
      `CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN IF nextval('faults') = 1 THEN RAISE EXCEPTION 'fault'; END IF; RETURN NEW; END $$`,
      // The second of the two that a refused face of a key writes: the first is not to stay.
      `CREATE TRIGGER fault BEFORE INSERT ON lockouts FOR EACH ROW WHEN (NEW.kind = 'KEY') EXECUTE FUNCTION fault()`,
    ]) {
      await dataSource.query(sql);
    }
    await dataSource.destroy();
    ({ service, admin } = await startClosed({ storage, env }));
    await register(admin);
    const hr = new Speaker(service, (await createKey(admin, { role: 'HR' })).secret);
    const input = await challenged(1, hr);
    expect(await outcomeOf(input, hr)).toBe('INTERNAL_SERVER_ERROR');
    await until(
      () => auditOf(admin, { action: 'check.refused' }),
      (rows) => rows.some(({ outcome }) => outcome === 'FACE_MISMATCH'),
    );
    expect(await outcomeOf(input, hr)).toBe('FACE_MISMATCH');
    // Of the employee it counts once, as it was told once.
    for (let n = 2; n < 6; n++) expect(await outcomeOf(sample(n), admin)).toBe('FACE_MISMATCH');
    expect(await outcomeOf(sample(6), admin)).toBe('TOO_MANY_REQUESTS');
  });
});
