/** Real: the service over HTTP and the database of the run. Fake: the clock; punches are written without faces. */
import cases from '../../packages/working-days/test/cases.json';
import { as, startClosed, type Speaker } from '../support/access';
import type { Clock } from '../support/clock';
import { check, hopperAgain, register } from '../support/operations';
import type { TestService } from '../support/service';
import { assign, createOffice, punch, WEEK_OF_DAYS } from '../support/working-days';

const MUSTER = `query ($officeId: ID!) { muster(officeId: $officeId) { at office { name }
  inside { ${'employee { employeeId } since visitor punch { type }'} } unsure { employee { employeeId } since } } }`;

interface Entry {
  readonly employee: { readonly employeeId: string };
  readonly visitor: boolean;
}
interface Answer {
  readonly muster: { readonly inside: Entry[]; readonly unsure: Entry[] };
}
interface MusterCase {
  readonly asOf: string;
  readonly punches: readonly {
    readonly employee: string;
    readonly office: string;
    readonly homeOffice?: string;
    readonly type: string;
    readonly at: string;
  }[];
  readonly expected: { readonly inside: string[]; readonly unsure: string[] };
}

// JSON has no literal types.
const CASE = cases.cases.find(({ id }) => id === 'MU-01') as unknown as MusterCase;

describe('muster', () => {
  let service: TestService;
  let admin: Speaker;
  let clock: Clock;
  let berlin = '';
  let hamburg = '';
  const ids = new Map<string, string>();

  beforeAll(async () => {
    ({ service, admin, clock } = await startClosed({ env: { KIOSK_MUSTER: 'true' } }));
    clock.set(Date.parse('2026-03-01T08:00:00Z'));
    berlin = await createOffice(admin, 'Berlin', 'Europe/Berlin');
    hamburg = await createOffice(admin, 'Hamburg', 'Europe/Berlin');
    const offices: Record<string, string> = { Berlin: berlin, Hamburg: hamburg };
    for (const { employee, office, homeOffice } of CASE.punches) {
      if (ids.has(employee)) continue;
      const input = {
        employeeId: employee,
        name: employee,
        officeId: offices[homeOffice ?? office] as string,
      };
      ids.set(employee, (await register(admin, { ...input, allowDuplicateFace: true })).employee.id);
    }
    for (const { employee, office, type, at } of CASE.punches) {
      await punch(service, ids.get(employee) as string, [{ type, at, officeId: offices[office] as string }]);
    }
    clock.set(Date.parse(CASE.asOf));
  });
  afterAll(() => service.stop());

  const muster = async (officeId: string) => (await admin.ask<Answer>(MUSTER, { officeId })).muster;
  const names = (entries: readonly Entry[]) => entries.map(({ employee }) => employee.employeeId);

  it('MU-01 is who is in the building, the unsure apart', async () => {
    const { inside, unsure } = await muster(berlin);
    expect({ inside: names(inside), unsure: names(unsure) }).toEqual(CASE.expected);
    expect(inside.map(({ visitor }) => visitor)).toEqual([false, true]);
    expect(names((await muster(hamburg)).inside)).toEqual(['E', 'F']);
  });

  it('a voided punch does not count, and work rules say how long somebody can be inside', async () => {
    await service.sql(
      `INSERT INTO attendance_voids (id, attendance_id, reason, voided_by, voided_at)
       SELECT gen_random_uuid(), id, 'Wrong', 'admin', now() FROM attendances
       WHERE employee_id = $1 AND type = 'LOGOUT'`,
      [ids.get('B')],
    );
    expect(names((await muster(berlin)).inside)).toEqual(['A', 'B', 'D']);
    await assign(admin, { employeeId: 'C' }, WEEK_OF_DAYS, { maxSpanMinutes: 1500 });
    await assign(admin, { employeeId: 'A' }, WEEK_OF_DAYS, { maxSpanMinutes: 60 });
    const { inside, unsure } = await muster(berlin);
    expect(names(inside)).toEqual(['B', 'C', 'D']);
    expect(names(unsure)).toEqual(['A']);
  });

  it('two punches of one instant follow each other as in the working day', async () => {
    const at = '2026-03-03T09:15:00Z';
    const write = (employeeId: string, ...types: string[]) =>
      punch(
        service,
        ids.get(employeeId) as string,
        types.map((type) => ({ type, at, manual: true, officeId: berlin })),
      );
    const before = names((await muster(berlin)).inside);
    expect(before).toContain('D');
    expect(before).not.toContain('E');
    // Inside since before: she went and came. Elsewhere until now: he came and went.
    await write('D', 'LOGIN', 'LOGOUT');
    await service.sql(`DELETE FROM attendances WHERE employee_id = $1`, [ids.get('E')]);
    await write('E', 'LOGOUT', 'LOGIN');
    expect(names((await muster(berlin)).inside)).toEqual(before);
    const { workDay } = await admin.ask<{ workDay: { spans: { end: string | null }[] } }>(
      '{ workDay(employeeId: "D", date: "2026-03-03") { spans { end } } }',
    );
    expect(workDay.spans.at(-1)?.end).toBeNull();
  });

  it('and the direction of the next check goes by that order', async () => {
    expect(await check(admin, { employeeId: 'E', ...hopperAgain })).toMatchObject({
      attendance: { type: 'LOGIN' },
    });
  });

  it('has somebody who was deactivated while inside, but not for ever', async () => {
    const DEACTIVATE = 'mutation { deactivateEmployee(employeeId: "D") { id } }';
    await admin.ask(DEACTIVATE);
    expect(names((await muster(berlin)).inside)).toContain('D');
    clock.advance(20 * 3_600_000);
    const { inside, unsure } = await muster(berlin);
    expect([...names(inside), ...names(unsure)]).not.toContain('D');
    expect(names(unsure)).toContain('B');
    clock.advance(-20 * 3_600_000);
  });

  it('never has somebody who is being erased', async () => {
    expect(names((await muster(berlin)).inside)).toContain('D');
    await service.sql(`UPDATE employees SET erased_at = now(), active = false WHERE id = $1`, [ids.get('D')]);
    expect(names((await muster(berlin)).inside)).not.toContain('D');
  });

  it('a kiosk reads it of its own office only', async () => {
    const { createApiKey } = await admin.ask<{ createApiKey: { secret: string } }>(
      `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }`,
      { input: { name: 'Door', role: 'KIOSK', officeId: berlin } },
    );
    const ask = (officeId: string) => service.send(MUSTER, { officeId }, as(createApiKey.secret));
    expect((await ask(berlin)).errors).toBeUndefined();
    expect((await ask(hamburg)).errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('an office that does not exist is not found', async () => {
    expect((await admin.fault(MUSTER, { officeId: 'nowhere' })).extensions).toMatchObject({
      ...{ code: 'NOT_FOUND', field: 'officeId' },
    });
  });
});
