/** Real: the challenges on the database of the run. Fake: the clock. */
import type { DataSource } from 'typeorm';
import type { ChallengeService, NewChallenge } from '../../src/services/attendance/check/challenge-service';
import { Clock } from '../support/clock';
import { createStorage, type TestStorage } from '../support/databases';
import { openDataSource } from '../support/data-source';
import { addEmployee, addOffice, addPunch, anyone, challengesOn, plain } from '../support/challenges';

const held = { hash: expect.any(Buffer) as unknown, usedAt: expect.any(Date) as unknown };
const ACCEPTED = { accepted: true, liveness: [], repeated: false, held };
const refusal = (reason: string) => ({ accepted: false, refusal: reason });

describe('a challenge', () => {
  let storage: TestStorage;
  let dataSource: DataSource;
  let clock: Clock;
  let challenges: ChallengeService;
  let office: string;
  let employee: string;
  const issue = async (wish: Partial<NewChallenge> = {}): Promise<string> =>
    (await challenges.create({ ...plain, ...wish })).token;

  beforeAll(async () => {
    storage = await createStorage();
    dataSource = await openDataSource(storage);
    office = await addOffice(dataSource);
    employee = await addEmployee(dataSource, 'Emp-1');
  });
  afterAll(async () => {
    await dataSource.destroy();
    await storage.remove();
  });
  beforeEach(() => {
    clock = new Clock();
    challenges = challengesOn(dataSource, clock.now);
  });

  it('is accepted once', async () => {
    const token = await issue();
    expect(await challenges.redeem(token, anyone)).toEqual(ACCEPTED);
    expect(await challenges.redeem(token, anyone)).toEqual(refusal('USED'));
  });

  it('is as good as new once the check that used it gives it back, and only that one can', async () => {
    const { token } = await challenges.create(plain);
    const first = await challenges.redeem(token, anyone);
    if (!first.accepted || first.held === null) throw new Error('refused');
    await challenges.giveBack(first.held);
    clock.advance(1);
    expect(await challenges.redeem(token, anyone)).toEqual(ACCEPTED);
    await challenges.giveBack(first.held);
    expect(await challenges.redeem(token, anyone)).toEqual(refusal('USED'));
  });

  it('is accepted once by twenty checks at once', async () => {
    const token = await issue();
    const answers = await Promise.all(Array.from({ length: 20 }, () => challenges.redeem(token, anyone)));
    expect(answers.filter(({ accepted }) => accepted)).toEqual([ACCEPTED]);
    expect(answers.filter(({ accepted }) => !accepted)).toEqual(Array(19).fill(refusal('USED')));
  });

  it('hands the actions it was made with to the check', async () => {
    const { token, actions } = await challenges.create({ ...plain, liveness: true });
    expect(await challenges.redeem(token, anyone)).toEqual({ ...ACCEPTED, liveness: actions });
  });

  it('expires after two minutes, to the millisecond', async () => {
    const [early, late] = [await issue(), await issue()];
    clock.advance(119_999);
    expect(await challenges.redeem(early, anyone)).toEqual(ACCEPTED);
    clock.advance(1);
    expect(await challenges.redeem(late, anyone)).toEqual(refusal('EXPIRED'));
  });

  it.each([
    ['an empty text', ''],
    ['a token that was never issued', 'A'.repeat(43)],
    ['a text of another alphabet', `${'A'.repeat(42)}+`],
    ['a token with something behind it', `${'A'.repeat(43)}\n`],
    ['a text with a zero byte', `${'A'.repeat(42)}\u0000`],
    ['megabytes', 'A'.repeat(8_000_000)],
  ])('is unknown where %s is sent', async (_, token) => {
    expect(await challenges.redeem(token, anyone)).toEqual(refusal('UNKNOWN'));
  });

  it('asks the database nothing about a text that cannot be a token', async () => {
    const query = jest.spyOn(
      (dataSource.driver as unknown as { master: { query: unknown } }).master,
      'query' as never,
    );
    try {
      for (const token of ['', 'short', 'A'.repeat(44), 'A'.repeat(1_000_000)]) {
        await challenges.redeem(token, anyone);
      }
      expect(query).not.toHaveBeenCalled();
      await challenges.redeem('A'.repeat(43), anyone);
      expect(query).toHaveBeenCalled();
    } finally {
      query.mockRestore();
    }
  });

  it('is for the caller who asked for it; nobody else burns it', async () => {
    const token = await issue();
    expect(await challenges.redeem(token, { ...anyone, caller: 'thief' })).toEqual(refusal('FOREIGN'));
    expect(await challenges.redeem(token, anyone)).toEqual(ACCEPTED);
    // What became of it is no stranger's business.
    expect(await challenges.redeem(token, { ...anyone, caller: 'thief' })).toEqual(refusal('FOREIGN'));
  });

  it('is for one office, or for none', async () => {
    const other = await addOffice(dataSource);
    const bound = await issue({ officeId: office });
    for (const officeId of [null, other, 'no uuid', '', '00000000-0000-0000-0000-000000000000']) {
      expect(await challenges.redeem(bound, { ...anyone, officeId })).toEqual(refusal('FOREIGN'));
    }
    expect(await challenges.redeem(bound, { ...anyone, officeId: office.toUpperCase() })).toEqual(ACCEPTED);
    const unbound = await issue();
    for (const officeId of [office, 'no uuid']) {
      expect(await challenges.redeem(unbound, { ...anyone, officeId })).toEqual(refusal('FOREIGN'));
    }
    expect(await challenges.redeem(unbound, anyone)).toEqual(ACCEPTED);
  });

  it('is for one employee, upper and lower case being the same, or for anybody', async () => {
    await addEmployee(dataSource, 'Emp-2');
    const bound = await issue({ employeeId: 'EMP-1' });
    for (const employeeId of [null, 'Emp-2', 'Emp-1 ', 'nobody']) {
      expect(await challenges.redeem(bound, { ...anyone, employeeId })).toEqual(refusal('FOREIGN'));
    }
    expect(await challenges.redeem(bound, { ...anyone, employeeId: 'emp-1' })).toEqual(ACCEPTED);
    expect(await challenges.redeem(await issue(), { ...anyone, employeeId: 'Emp-2' })).toEqual(ACCEPTED);
  });

  it('goes with its office or employee', async () => {
    const [gone, left] = [await addOffice(dataSource), await addEmployee(dataSource, 'Emp-3')];
    const [one, two] = [await issue({ officeId: gone }), await issue({ employeeId: 'Emp-3' })];
    await dataSource.query('DELETE FROM offices WHERE id = $1', [gone]);
    await dataSource.query('DELETE FROM employees WHERE id = $1', [left]);
    expect(await challenges.redeem(one, { ...anyone, officeId: gone })).toEqual(refusal('UNKNOWN'));
    expect(await challenges.redeem(two, { ...anyone, employeeId: 'Emp-3' })).toEqual(refusal('UNKNOWN'));
  });

  it('is accepted again from a retry of the check that used it and was recorded, and from no other', async () => {
    const { token, actions } = await challenges.create({ ...plain, liveness: true });
    const check = { ...anyone, requestId: 'request-1' };
    expect(await challenges.redeem(token, check)).toEqual({ ...ACCEPTED, liveness: actions });
    // Nothing was recorded: there is no answer to repeat.
    expect(await challenges.redeem(token, check)).toEqual(refusal('USED'));
    await addPunch(dataSource, employee, 'request-1');
    await addPunch(dataSource, employee, 'request-2');
    const again = { accepted: true, liveness: actions, repeated: true, held: null };
    expect(await challenges.redeem(token, check)).toEqual(again);
    clock.advance(1_800_000);
    expect(await challenges.redeem(token, check)).toEqual(again);
    for (const requestId of [null, 'request-2', 'REQUEST-1']) {
      expect(await challenges.redeem(token, { ...anyone, requestId })).toEqual(refusal('USED'));
    }
    expect(await challenges.redeem(token, { ...check, caller: 'thief' })).toEqual(refusal('FOREIGN'));
  });

  it('of a check without a requestId is never accepted again', async () => {
    const token = await issue();
    await challenges.redeem(token, anyone);
    expect(await challenges.redeem(token, { ...anyone, requestId: 'request-2' })).toEqual(refusal('USED'));
  });

  it('is deleted an hour after it expired, used or not', async () => {
    await dataSource.query('DELETE FROM challenges');
    const [used, unused] = [await issue(), await issue()];
    await challenges.redeem(used, anyone);
    clock.advance(120_000 + 3_600_000);
    await challenges.purge();
    expect(await challenges.redeem(unused, anyone)).toEqual(refusal('EXPIRED'));
    const young = await issue();
    clock.advance(1);
    await challenges.purge();
    for (const token of [used, unused]) {
      expect(await challenges.redeem(token, anyone)).toEqual(refusal('UNKNOWN'));
    }
    expect(await challenges.redeem(young, anyone)).toEqual(ACCEPTED);
  });
});
