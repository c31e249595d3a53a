/** Real: the service over HTTP and the database of the run. Fake: employees are written without faces. */
import { get } from 'node:http';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { TestService } from '../support/service';
import { until } from '../support/until';
import { auditOf } from '../support/privacy';

const PEOPLE = 2000;
const LINK = 'mutation ($input: CreateReportLinkInput!) { createReportLink(input: $input) { url } }';

describe('a file that a client stops reading', () => {
  let service: TestService;

  beforeAll(async () => {
    service = await TestService.start();
    await service.sql(
      `INSERT INTO employees (id, name, name_key, employee_id, employee_id_key, active, created_at, employed_from)
       SELECT gen_random_uuid(), 'P' || n, 'p' || n, 'P-' || n, 'p-' || n, true, now(), '2020-01-01'
       FROM generate_series(1, ${PEOPLE}) n`,
    );
  });
  afterAll(() => service.stop());

  it('ends the work, and the audit trail has what was sent', async () => {
    const input = { kind: 'TIMESHEET_DAYS', format: 'CSV', from: '2026-01-01', until: '2026-03-31' };
    const { createReportLink } = await service.ask<{ createReportLink: { url: string } }>(LINK, { input });
    const [answer] = (await once(get(createReportLink.url), 'response')) as [IncomingMessage];
    expect(answer.headers['x-total-people']).toBe(String(PEOPLE));
    const [first] = (await once(answer, 'data')) as [Buffer];
    expect(first.toString()).toContain('employee_id,name,office');
    answer.destroy();
    const [event] = await until(
      () => auditOf(service, { action: 'report.download' }),
      (events) => events.length > 0,
    );
    const rows = Number(event?.details.find(({ name }) => name === 'rows')?.value);
    expect(rows).toBeGreaterThan(0);
    expect(rows).toBeLessThan(PEOPLE * 90);
  });
});
