/** Real: the service over HTTP and the database of the run. Fake: the clock; punches are written without faces. */
import { Clock } from '../support/clock';
import { register } from '../support/operations';
import { TestService } from '../support/service';
import { assign, createOffice, punch, WEEK_OF_DAYS } from '../support/working-days';

const REQUEST = `mutation ($input: RequestCorrectionInput!) { requestCorrection(input: $input) { id } }`;
const CORRECT = `mutation ($input: CorrectAttendanceInput!) { correctAttendance(input: $input) { id } }`;
const DECIDE = `mutation ($input: DecideCorrectionInput!) { decideCorrection(input: $input) {
  preview { date before { figures { workedMinutes } } after { figures { workedMinutes } } } } }`;
const MOVE = 'mutation ($input: UpdateEmployeeInput!) { updateEmployee(input: $input) { id } }';

describe('automatic breaks that are taken back', () => {
  let service: TestService;
  let employee = '';
  const clock = new Clock();

  beforeAll(async () => {
    service = await TestService.start({ now: clock.now });
  });
  beforeEach(async () => {
    clock.set(Date.parse('2026-03-01T08:00:00Z'));
    await service.reset();
    employee = (await register(service, { employedFrom: '2020-01-01' })).employee.id;
  });
  afterAll(() => service.stop());

  const inputOf = (date: string, minutes: number) => ({
    ...{ reason: 'Worked on', changes: [{ waiveBreak: { employeeId: 'EMP-1', date, minutes } }] },
  });

  it.each([
    ['Asia/Tokyo', '2026-03-04', '2026-03-05'],
    // Still the day before.
    ['Europe/Lisbon', '2026-03-03', '2026-03-04'],
  ])('are of a day that has begun in %s', async (timeZone, today, tomorrow) => {
    const officeId = await createOffice(service, 'Office', timeZone);
    await service.ask(MOVE, { input: { employeeId: 'EMP-1', officeId } });
    clock.set(Date.parse('2026-03-03T15:30:00Z'));
    for (const query of [REQUEST, CORRECT]) {
      await service.ask(query, { input: inputOf(today, 10) });
      const { extensions } = await service.fault(query, { input: inputOf(tomorrow, 10) });
      expect(extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'date' });
    }
  });

  it('are of a day that has begun at the office of that day, not at that of today', async () => {
    const pagoPago = await createOffice(service, 'Pago Pago', 'Pacific/Pago_Pago');
    const kiritimati = await createOffice(service, 'Kiritimati', 'Pacific/Kiritimati');
    await service.ask(MOVE, { input: { employeeId: 'EMP-1', officeId: pagoPago } });
    // The 2nd in Pago Pago, and the 4th in Kiritimati, where the employee works from now on.
    clock.set(Date.parse('2026-03-03T10:30:00Z'));
    await service.ask(MOVE, { input: { employeeId: 'EMP-1', officeId: kiritimati } });
    await service.ask(CORRECT, { input: inputOf('2026-03-04', 10) });
    const { extensions } = await service.fault(CORRECT, { input: inputOf('2026-03-03', 10) });
    expect(extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'date' });
  });

  it('show what they did, though another correction took back as much of the same day', async () => {
    await assign(service, { employeeId: 'EMP-1' }, WEEK_OF_DAYS, {
      breaks: { tiers: [{ over: 360, total: 30 }], deduct: 'FULL', minPartMinutes: 0, paidUpToMinutes: 0 },
    });
    await punch(service, employee, [
      { type: 'LOGIN', at: '2026-03-02T09:00:00Z' },
      { type: 'LOGOUT', at: '2026-03-02T17:30:00Z' },
    ]);
    clock.set(Date.parse('2026-03-03T08:00:00Z'));
    const previews = [];
    for (let time = 0; time < 2; time++) {
      const input = { ...inputOf('2026-03-02', 10), employeeId: 'EMP-1' };
      const made = await service.ask<{ requestCorrection: { id: string } }>(REQUEST, { input });
      const answer = await service.ask<{ decideCorrection: { preview: unknown } }>(DECIDE, {
        input: { id: made.requestCorrection.id, approve: true },
      });
      previews.push(answer.decideCorrection.preview);
    }
    const change = (before: number, after: number) => [
      {
        date: '2026-03-02',
        before: { figures: { workedMinutes: before } },
        after: { figures: { workedMinutes: after } },
      },
    ];
    expect(previews).toEqual([change(480, 490), change(490, 500)]);
  });
});
