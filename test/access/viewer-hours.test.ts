/** Real: the service over HTTP and the database of the run. Fake: the clock. */
import { createKey, Speaker, startClosed } from '../support/access';
import { register } from '../support/operations';
import type { TestService } from '../support/service';

const DAY = `query ($date: LocalDate!) { workDay(employeeId: "EMP-1", date: $date) { status absences { from kind paid }
  corrections { status reason note } spans { login { manual { reason } } } }
  absences { nodes { from kind externalId } } }`;
const MANUAL =
  'mutation ($input: RecordManualAttendanceInput!) { recordManualAttendance(input: $input) { id } }';
const IMPORT = 'mutation ($input: ImportAbsencesInput!) { importAbsences(input: $input) { added } }';
const REQUEST = 'mutation ($input: RequestCorrectionInput!) { requestCorrection(input: $input) { id } }';
const DECIDE = 'mutation ($input: DecideCorrectionInput!) { decideCorrection(input: $input) { id } }';

describe('what may tell of an illness', () => {
  let service: TestService;
  const readers: Record<string, Speaker> = {};
  let date = '';

  beforeAll(async () => {
    const { service: started, admin, clock } = await startClosed();
    service = started;
    for (const role of ['HR', 'VIEWER'] as const) {
      readers[role] = new Speaker(service, (await createKey(admin, { role })).secret);
    }
    readers['ADMIN'] = admin;
    await register(admin, { employedFrom: '2020-01-01' });
    date = new Date(clock.now().getTime() - 3 * 86_400_000).toISOString().slice(0, 10);
    const input = { employeeId: 'EMP-1', reason: 'Was ill' };
    const absence = {
      employeeId: 'EMP-1',
      from: date,
      until: date,
      minutesPerDay: 60,
      kind: 'SICK',
      paid: true,
    };
    await admin.ask(IMPORT, { input: { source: 'hr', absences: [{ ...absence, externalId: 'SICK-1' }] } });
    await admin.ask(MANUAL, { input: { ...input, type: 'LOGIN', recordedAt: `${date}T08:00:00Z` } });
    const changes = [{ add: { type: 'LOGOUT', recordedAt: `${date}T16:00:00Z` } }];
    const made = await admin.ask<{ requestCorrection: { id: string } }>(REQUEST, {
      input: { ...input, changes },
    });
    await admin.ask(DECIDE, {
      input: { id: made.requestCorrection.id, approve: true, note: 'Has a certificate' },
    });
  });
  afterAll(() => service.stop());

  it.each([
    ['ADMIN', 'SICK', 'Was ill', 'Has a certificate'],
    ['HR', 'SICK', 'Was ill', 'Has a certificate'],
    ['VIEWER', null, null, null],
  ])('is read by %s: kind %s, reason %s, note %s', async (role, kind, reason, note) => {
    expect(await readers[role]?.ask(DAY, { date })).toEqual({
      workDay: {
        status: 'PRESENT',
        absences: [{ from: date, kind, paid: true }],
        corrections: [{ status: 'APPROVED', reason, note }],
        spans: [{ login: { manual: { reason } } }],
      },
      absences: { nodes: [{ from: date, kind, externalId: kind === null ? null : 'SICK-1' }] },
    });
  });
});
