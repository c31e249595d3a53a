/** Real: the plan of the demo's punches. Fake: the clock. */
import { planPunches } from '../../src/cli/demo/demo-plan';

/** What a clock in the zone shows. */
const shown = (at: Date, timeZone: string): string =>
  at.toLocaleString('sv-SE', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
  });

it.each([
  // Clocks went forward on 29 March 2026 in Berlin, and on 8 March in New York.
  ['2026-04-01T22:00:00Z', 'Europe/Berlin'],
  ['2026-03-11T23:30:00Z', 'America/New_York'],
  ['2026-04-06T12:00:00Z', 'Pacific/Auckland'],
  ['2026-04-06T12:00:00Z', 'Pacific/Kiritimati'],
  ['2026-04-06T12:00:00Z', 'Asia/Kathmandu'],
])('the working days before %s in %s are days there, by the clock there', (now, timeZone) => {
  const planned = planPunches(new Date(now), timeZone);
  expect(planned.length).toBeGreaterThanOrEqual(40);
  for (const { at, requestId } of planned) {
    const date = requestId.split(':')[2] as string;
    expect(at.toLocaleDateString('sv-SE', { timeZone })).toBe(date);
    const [, hour = ''] = /(\d\d):\d\d/.exec(shown(at, timeZone)) ?? [];
    expect(Number(hour)).toBeGreaterThanOrEqual(8);
    expect(Number(hour)).toBeLessThan(19);
    expect([0, 6]).not.toContain(new Date(`${date}T00:00:00Z`).getUTCDay());
  }
});

it('the plan has of today what is over, and of the days before the same whenever it is asked', () => {
  const at = (time: string) => planPunches(new Date(`2026-03-04T${time}Z`), 'UTC');
  expect(at('00:00:00')).toHaveLength(40);
  expect(at('12:30:00')).toHaveLength(44);
  expect(at('23:59:59')).toHaveLength(48);
  expect(at('23:59:59').slice(0, 40)).toEqual(at('00:00:00'));
  const onSunday = planPunches(new Date('2026-03-08T12:00:00Z'), 'UTC');
  expect(onSunday).toHaveLength(40);
  expect(onSunday.at(-1)?.requestId).toContain('2026-03-06');
});

it('the plan has directions that alternate for each person, at times that grow', () => {
  const planned = planPunches(new Date('2026-03-04T23:00:00Z'), 'UTC');
  expect(planned.map(({ at }) => at)).toEqual(
    [...planned.map(({ at }) => at)].sort((a, b) => a.getTime() - b.getTime()),
  );
  for (const id of ['DEMO-GH-1906', 'DEMO-EC-1956']) {
    const types = planned.filter(({ person }) => person.employeeId === id).map(({ type }) => type);
    expect(types).toEqual(types.map((_, i) => (i % 2 === 0 ? 'LOGIN' : 'LOGOUT')));
  }
});
