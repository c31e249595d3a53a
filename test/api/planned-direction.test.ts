/** Real: the service over HTTP and the database of the run. Fake: the clock; the open LOGIN is written without a face. */
import cases from '../../packages/working-days/test/cases.json';
import type { CaseRules } from '../../packages/working-days/test/support/cases';
import { Clock } from '../support/clock';
import { check, register } from '../support/operations';
import { TestService } from '../support/service';
import { createOffice, planDates, punch } from '../support/working-days';

interface DirectionCase {
  readonly id: string;
  readonly title: string;
  readonly timeZone: string;
  readonly plan: readonly { readonly date: string; readonly start: string; readonly end: string }[];
  readonly last: { readonly type: string; readonly at: string };
  readonly now: string;
  readonly expected: string;
}

// JSON has no literal types.
const CASES = cases.cases.filter(({ kind }) => kind === 'direction') as unknown as DirectionCase[];

describe('the direction of a check with a plan', () => {
  let service: TestService;
  const clock = new Clock();

  beforeAll(async () => {
    service = await TestService.start({ now: clock.now });
  });
  beforeEach(async () => {
    clock.set(Clock.START);
    await service.reset();
  });
  afterAll(() => service.stop());

  async function decide(
    { timeZone, plan, last, now }: Pick<DirectionCase, 'timeZone' | 'plan' | 'last' | 'now'>,
    rules: CaseRules = {},
    input: Readonly<Record<string, unknown>> = {},
  ): Promise<string | undefined> {
    const officeId = await createOffice(service, 'Office', timeZone);
    const { employee } = await register(service, { officeId, employedFrom: '2020-01-01' });
    if (plan.length > 0) await planDates(service, 'EMP-1', plan, rules);
    await punch(service, employee.id, [last]);
    clock.set(Date.parse(now));
    return (await check(service, input)).attendance?.type;
  }

  it.each(CASES.map((one) => [`${one.id} ${one.title}`, one] as const))('%s', async (_, one) => {
    expect(await decide(one)).toBe(one.expected);
  });

  const night = {
    timeZone: 'Europe/Berlin',
    plan: [{ date: '2026-03-02', start: '08:00', end: '08:00' }],
    last: { type: 'LOGIN', at: '2026-03-02T07:00:00Z' },
  };

  it('a duty of 24 hours ends with a LOGOUT if the rules allow such spans', async () => {
    expect(await decide({ ...night, now: '2026-03-03T07:05:00Z' }, { maxSpanMinutes: 1500 })).toBe('LOGOUT');
  });

  it('the rules say how long a LOGIN can be open, instead of OPEN_LOGIN_MAX_HOURS', async () => {
    expect(await decide({ ...night, now: '2026-03-02T18:00:00Z' }, { maxSpanMinutes: 600 })).toBe('LOGIN');
  });

  it('a direction that is given is taken', async () => {
    const one = { ...(CASES[0] as DirectionCase) };
    expect(await decide(one, {}, { type: 'LOGOUT' })).toBe('LOGOUT');
  });
});
