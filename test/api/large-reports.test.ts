/** Real: the service over HTTP, its thread for reports, the database of the run. Punches are written without faces. */
import { register } from '../support/operations';
import { TestService } from '../support/service';
import { assign, createOffice, punch, WEEK_OF_DAYS } from '../support/working-days';

const LINK = `mutation ($input: CreateReportLinkInput!) { createReportLink(input: $input) { url } }`;

describe('a report of more days than are derived at once', () => {
  let service: TestService;
  const people = ['ann', 'bea', 'cem'];

  beforeAll(async () => {
    service = await TestService.start();
    const officeId = await createOffice(service, 'Berlin', 'Europe/Berlin');
    await assign(service, { officeId }, WEEK_OF_DAYS, { lateGraceMinutes: 5 });
    for (const [i, employeeId] of people.entries()) {
      const input = {
        employeeId,
        name: employeeId,
        officeId,
        employedFrom: '2020-01-01',
        allowDuplicateFace: true,
      };
      const { id } = (await register(service, input)).employee;
      await punch(service, id, [
        { type: 'LOGIN', at: `2026-01-05T08:0${i}:00Z` },
        { type: 'LOGOUT', at: '2026-01-05T16:30:00Z' },
        // Nobody logged out of the last day: more is read for it.
        { type: 'LOGIN', at: `2026-01-31T08:0${i}:00Z` },
      ]);
    }
  });
  afterAll(() => service.stop());

  const rows = async (input: object): Promise<string[]> => {
    const range = { from: '2025-02-01', until: '2026-01-31' };
    const answer = await service.ask<{ createReportLink: { url: string } }>(LINK, {
      input: { kind: 'TIMESHEET_DAYS', ...range, ...input },
    });
    const response = await fetch(answer.createReportLink.url);
    return (await response.text()).trimEnd().split('\r\n').slice(1);
  };

  it('has the rows of each person, one below the other', async () => {
    // 3 x 365 days are written in a thread, 365 are not.
    const everybody = await rows({});
    const alone: string[] = [];
    for (const employeeId of people) alone.push(...(await rows({ employeeIds: [employeeId] })));
    expect(everybody).toHaveLength(3 * 365);
    expect(everybody.filter((row) => row.includes('MISSING_LOGOUT'))).toHaveLength(3);
    expect(everybody).toEqual(alone);
  });
});
