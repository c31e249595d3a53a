/** Real: the service over HTTP, the database, descriptors of real photos. Fake: nothing; a probe counts statements. */
import { Statements } from '../../src/database/statements';
import { MatchingService } from '../../src/services/faces/matching/matching-service';
import { createKey, createOffice, Speaker, startClosed } from '../support/access';
import { effort } from '../support/effort';
import { CHECK, type CheckAnswer, check, collins, hopper, register } from '../support/operations';
import { base64Photo } from '../support/photos';
import type { TestService } from '../support/service';

/** How likely a value of the first list is above one of the second; 0.5: they cannot be told apart. */
function aucOf(first: readonly number[], second: readonly number[]): number {
  let above = 0;
  for (const a of first) for (const b of second) above += a > b ? 1 : a === b ? 0.5 : 0;
  return above / (first.length * second.length);
}

describe('a kiosk that tries employeeIds of another office', () => {
  let service: TestService;
  let admin: Speaker;
  let kiosk: Speaker;

  beforeAll(async () => {
    // Without lockouts, so that there is time to measure.
    const env = {
      ...{ LOCKOUT_KEY_FAILURES: '0', LOCKOUT_KEY_FAILURES_PER_DAY: '0', RATE_LIMIT_PER_KEY: '0' },
      FACE_DESCRIPTOR_TRUST: 'client',
    };
    ({ service, admin } = await startClosed({ env }));
    const [here, elsewhere] = [
      await createOffice(admin, { name: 'Lima' }),
      await createOffice(admin, { name: 'Quito' }),
    ];
    kiosk = new Speaker(service, (await createKey(admin, { role: 'KIOSK', officeId: here })).secret);
    // With all that a row can have: an office, punches and refused faces.
    await register(admin, { employeeId: 'KNOWN', officeId: elsewhere });
    for (let n = 0; n < 4; n++) await check(admin, { ...hopper, employeeId: 'KNOWN' });
    await check(admin, { ...collins, employeeId: 'KNOWN' });
  });
  afterAll(() => service.stop());

  const imageBase64 = base64Photo('tiny.jpg');
  const wrong = { ...collins, imageBase64 };
  const tryId = async (employeeId: string, face: object = wrong): Promise<CheckAnswer> => {
    const { checkAttendance } = await kiosk.ask<{ checkAttendance: CheckAnswer }>(CHECK, {
      input: { ...face, employeeId },
    });
    return checkAttendance;
  };

  it('gets the same answer for the same statements and comparisons, whether there is such an employee', async () => {
    const run = jest.spyOn(Statements.prototype, 'run');
    const verify = jest.spyOn(MatchingService.prototype, 'verify');
    try {
      const work = async (employeeId: string) => {
        run.mockClear();
        verify.mockClear();
        const answer = await tryId(employeeId);
        await new Promise((resolve) => setImmediate(resolve));
        const mine = run.mock.calls.filter(([name]) => !/key-contact|touch/.test(name));
        const statements = mine.map(([name, , values]) => [
          name,
          values?.map((value) => (Array.isArray(value) ? value.length : value === null)),
        ]);
        return { answer, statements, comparisons: verify.mock.calls.length };
      };
      // A first and a further refusal of each.
      for (let n = 0; n < 8; n++) {
        const [known, unknown] = [await work('KNOWN'), await work('NOBODY')];
        expect(known.answer.status).toBe('EMPLOYEE_NOT_FOUND');
        expect(known).toEqual(unknown);
        expect(known.statements.map(([name]) => name)).toContain('count-refused-face');
      }
      // The right face during a lock too, which must not show by its time.
      const right = await work('KNOWN');
      expect(right.answer.status).toBe('EMPLOYEE_NOT_FOUND');
    } finally {
      run.mockRestore();
      verify.mockRestore();
    }
  });

  it('cannot tell them apart by the time of the answer', async () => {
    const count = effort(1000, 250);
    const times: Record<'KNOWN' | 'NOBODY', number[]> = { KNOWN: [], NOBODY: [] };
    for (let n = 0; n < 20; n++) await tryId(n % 2 === 0 ? 'KNOWN' : 'NOBODY');
    for (let n = 0; n < 2 * count; n++) {
      // In pairs of changing order, so that what else the machine does falls on both.
      const who = (n + (n >> 1)) % 2 === 0 ? 'KNOWN' : 'NOBODY';
      const started = performance.now();
      await tryId(who);
      times[who].push(performance.now() - started);
    }
    const auc = aucOf(times.KNOWN, times.NOBODY);
    // With n of each the standard error of an AUC of 0.5 is about 0.41 / √n: five of them, and at least 0.05.
    const margin = Math.max(0.05, (5 * 0.41) / Math.sqrt(count));
    expect(Math.abs(auc - 0.5)).toBeLessThan(margin);
  });
});
