/** Real: the service over HTTP, the database of the run, the files. Fake: the clock. */
import { Clock } from '../support/clock';
import { register } from '../support/operations';
import { TestService } from '../support/service';
import { unzip } from '../support/unzip';

const LINK = `mutation ($input: CreateReportLinkInput!) { createReportLink(input: $input) { url expiresAt fileName } }`;
const MANUAL = `mutation ($input: RecordManualAttendanceInput!) { recordManualAttendance(input: $input) { id } }`;

interface Link {
  readonly url: string;
  readonly expiresAt: string;
  readonly fileName: string;
}

describe('reports', () => {
  let service: TestService;
  let officeId: string;
  const clock = new Clock();

  beforeAll(async () => {
    service = await TestService.start({ now: clock.now });
    clock.set(Date.parse('2026-03-01T08:00:00Z'));
    const { createOffice } = await service.ask<{ createOffice: { id: string } }>(
      `mutation { createOffice(input: { name: "Büro 東京", timeZone: "Europe/Berlin" }) { id } }`,
    );
    officeId = createOffice.id;
    await register(service, { name: '=HYPERLINK("x")', officeId });
    clock.set(Date.parse('2026-03-04T20:00:00Z'));
    for (const [type, recordedAt] of [
      ['LOGIN', '2026-03-02T08:00:00Z'],
      ['LOGOUT', '2026-03-02T16:30:00Z'],
      ['LOGIN', '2026-03-03T08:00:00Z'],
      ['LOGIN', '2026-03-04T08:00:00Z'],
    ] as const) {
      await service.ask(MANUAL, { input: { employeeId: 'EMP-1', type, recordedAt, reason: 'x' } });
    }
    await service.ask(`mutation ($input: RecordAbsenceInput!) { recordAbsence(input: $input) { id } }`, {
      input: { employeeId: 'EMP-1', from: '2026-03-05', until: '2026-03-05', kind: 'SICK' },
    });
  });
  beforeEach(() => clock.set(Date.parse('2026-03-04T20:00:00Z')));
  afterAll(() => service.stop());

  const RANGE = { from: '2026-03-02', until: '2026-03-05' };
  const link = async (input: object): Promise<Link> =>
    (await service.ask<{ createReportLink: Link }>(LINK, { input })).createReportLink;
  const download = async (input: object) => {
    const { url } = await link(input);
    const response = await fetch(url);
    expect(response.status).toBe(200);
    return { headers: response.headers, body: Buffer.from(await response.arrayBuffer()) };
  };
  const rows = async (input: object): Promise<string[][]> => {
    const { body } = await download(input);
    return body
      .toString('utf8')
      .trimEnd()
      .split('\r\n')
      .map((line) => line.split(';'));
  };
  const SEMICOLON = { separator: 'SEMICOLON' };

  it('have a row for each person and day, with a header that says how many people there are', async () => {
    const { headers, body } = await download({ kind: 'TIMESHEET_DAYS', ...RANGE, officeId });
    expect(headers.get('x-total-people')).toBe('1');
    expect(headers.get('x-derived-at')).toBe('2026-03-04T20:00:00.000Z');
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-disposition')).toBe(
      `attachment; filename="timesheet-days B_ro __ 2026-03-02 2026-03-05.csv"; filename*=UTF-8''timesheet-days%20B%C3%BCro%20%E6%9D%B1%E4%BA%AC%202026-03-02%202026-03-05.csv`,
    );
    const text = body.toString('utf8');
    expect(text.split('\r\n')).toHaveLength(6);
    expect(text).toContain(
      `EMP-1,"'=HYPERLINK(""x"")",Büro 東京,2026-03-02,Monday,Europe/Berlin,,PRESENT,MANUAL`,
    );
    expect(text).toContain('2026-03-02T09:00+01:00,2026-03-02T17:30+01:00,510,510,0,0,0,510,');
    expect(text).toContain(',SICK,');
  });

  it('write hours, languages and separators as they are asked to', async () => {
    const csv = {
      separator: 'SEMICOLON',
      decimal: 'COMMA',
      hours: 'DECIMAL',
      bom: true,
      locale: 'de',
      guard: false,
    };
    const [titles, first] = await rows({ kind: 'TIMESHEET_DAYS', ...RANGE, employeeIds: ['emp-1'], csv });
    expect(titles?.slice(0, 5)).toEqual(['\uFEFFemployee_id', 'name', 'office', 'date', 'weekday']);
    expect(titles).toContain('worked_hours');
    expect(first?.slice(0, 5)).toEqual(['EMP-1', '"=HYPERLINK(""x"")"', 'Büro 東京', '2026-03-02', 'Montag']);
    expect(first).toContain('8,50');
  });

  it('have one row a span, a person, a week and a month, and what is wrong', async () => {
    const spans = await rows({ kind: 'TIMESHEET_SPANS', ...RANGE, csv: SEMICOLON });
    expect(spans.slice(1).map((row) => row.slice(3, 8))).toEqual([
      ['2026-03-02', 'Europe/Berlin', '2026-03-02T09:00+01:00', '2026-03-02T17:30+01:00', ''],
      ['2026-03-03', 'Europe/Berlin', '2026-03-03T09:00+01:00', '', 'LOGOUT'],
      ['2026-03-04', 'Europe/Berlin', '2026-03-04T09:00+01:00', '', ''],
    ]);
    const [titles, totals] = await rows({ kind: 'TIMESHEET_TOTALS', ...RANGE, csv: SEMICOLON });
    expect(totals?.[titles?.indexOf('worked_minutes') ?? -1]).toBe('510');
    expect(totals?.[titles?.indexOf('days_incomplete') ?? -1]).toBe('1');
    // Every day of the range has a status, also those before employment.
    const early = { from: '2026-02-26', until: '2026-03-05', csv: SEMICOLON };
    const [names, counts] = await rows({ kind: 'TIMESHEET_TOTALS', ...early });
    const days = names?.map((name, i) => (name.startsWith('days_') ? Number(counts?.[i]) : 0)) ?? [];
    expect(days.reduce((sum, count) => sum + count, 0)).toBe(8);
    const exceptions = await rows({ kind: 'EXCEPTIONS', ...RANGE, csv: SEMICOLON });
    expect(exceptions.slice(1).map((row) => row.slice(3, 7))).toEqual([
      ['2026-03-03', 'Tuesday', 'INCOMPLETE', 'MISSING_LOGOUT MANUAL'],
    ]);
    const weeks = await rows({
      kind: 'HOURS_BY_WEEK',
      from: '2026-02-23',
      until: '2026-03-05',
      csv: SEMICOLON,
    });
    expect(weeks.slice(1).map((row) => [row[3], row[7]])).toEqual([
      ['2026-02-23', '0'],
      ['2026-03-02', '510'],
    ]);
    const months = await rows({
      kind: 'HOURS_BY_MONTH',
      from: '2026-02-23',
      until: '2026-03-05',
      csv: SEMICOLON,
    });
    expect(months.slice(1).map((row) => row[3])).toEqual(['2026-02', '2026-03']);
  });

  it('are workbooks and lines of JSON, too', async () => {
    const { headers, body } = await download({ kind: 'TIMESHEET_DAYS', format: 'XLSX', ...RANGE });
    expect(headers.get('content-type')).toContain('spreadsheetml');
    const sheet = unzip(body).get('xl/worksheets/sheet1.xml')?.toString('utf8') ?? '';
    expect(sheet.match(/<row>/g)).toHaveLength(5);
    const lines = (await download({ kind: 'TIMESHEET_DAYS', format: 'JSON', ...RANGE })).body.toString(
      'utf8',
    );
    expect(JSON.parse(lines.split('\n')[0] ?? '')).toMatchObject({
      employee_id: 'EMP-1',
      worked_minutes: 510,
    });
  });

  it('show who is in the building, also as a page to print', async () => {
    const list = await rows({ kind: 'MUSTER', officeId, csv: SEMICOLON });
    expect(list.slice(1)).toEqual([
      ['INSIDE', 'EMP-1', `"'=HYPERLINK(""x"")"`, '2026-03-04T09:00+01:00', 'false'],
    ]);
    const { headers, body } = await download({ kind: 'MUSTER', format: 'HTML', officeId });
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(headers.get('content-disposition')).toMatch(/^inline; /);
    expect(headers.get('x-total-people')).toBe('1');
    expect(headers.get('x-derived-at')).toBe('2026-03-04T20:00:00.000Z');
    expect(body.toString('utf8')).toContain('<td dir="auto">=HYPERLINK(&quot;x&quot;)</td>');
  });

  it.each([
    ['from', { kind: 'TIMESHEET_DAYS', until: '2026-03-05' }],
    ['until', { kind: 'TIMESHEET_DAYS', from: '2026-03-05' }],
    ['until', { kind: 'TIMESHEET_DAYS', from: '2026-03-05', until: '2026-03-04' }],
    ['until', { kind: 'TIMESHEET_DAYS', from: '1999-03-05', until: '2026-03-04' }],
    ['format', { kind: 'TIMESHEET_DAYS', format: 'HTML', ...RANGE }],
    ['officeId', { kind: 'MUSTER' }],
    ['officeId', { kind: 'MUSTER', officeId: 'x' }],
    ['employeeIds', { kind: 'TIMESHEET_DAYS', ...RANGE, employeeIds: [] }],
    ['employeeIds', { kind: 'TIMESHEET_DAYS', ...RANGE, employeeIds: ['X'] }],
    ['locale', { kind: 'TIMESHEET_DAYS', ...RANGE, csv: { locale: 'no such thing' } }],
    ['separator', { kind: 'TIMESHEET_DAYS', ...RANGE, csv: { decimal: 'COMMA', hours: 'DECIMAL' } }],
  ])('name %s of %j', async (field, input) => {
    expect((await service.fault(LINK, { input })).extensions).toMatchObject({ field });
  });

  it('open with the whole link only, for a time', async () => {
    const { url, expiresAt } = await link({ kind: 'TIMESHEET_DAYS', ...RANGE });
    expect(expiresAt).toBe('2026-03-04T20:15:00.000Z');
    const status = async (address: string): Promise<number> => (await fetch(address)).status;
    expect(await status(url.replace('2026-03-05', '2026-03-31'))).toBe(403);
    expect(await status(url.replace('TIMESHEET_DAYS', 'TIMESHEET_SPANS'))).toBe(403);
    expect(await status(`${url}&x=1`)).toBe(403);
    expect(await status(url.split('?')[0] ?? '')).toBe(403);
    expect(await status(url)).toBe(200);
    // As often as one likes.
    expect(await status(url)).toBe(200);
    clock.advance(15 * 60_000);
    expect(await status(url)).toBe(403);
  });

  it('leave a trace: who, which and how many rows', async () => {
    await download({ kind: 'EXCEPTIONS', ...RANGE, officeId });
    const events = await service.sql<{ action: string; caller: string; details: object }>(
      `SELECT action, caller, details FROM audit_events
       WHERE details->>'kind' = 'EXCEPTIONS' AND details->>'officeId' = $1 ORDER BY sequence`,
      [officeId],
    );
    expect(events).toMatchObject([
      { action: 'report.link', caller: 'open', details: { format: 'CSV', ...RANGE } },
      { action: 'report.download', caller: 'open', details: { format: 'CSV', ...RANGE, rows: 1 } },
    ]);
  });

  it('as workbooks have at most the rows of a sheet, which sums of many people are far from', async () => {
    await service.sql(
      `INSERT INTO employees (id, name, name_key, employee_id, employee_id_key, created_at, employed_from, employed_until)
       SELECT gen_random_uuid(), 'Past ' || n, 'past ' || n, 'PAST-' || n, 'past-' || n, now(), '2020-01-01', '2024-12-31'
       FROM generate_series(1, 3000) n`,
    );
    const year = { from: '2024-01-01', until: '2024-12-31', format: 'XLSX' };
    for (const kind of ['TIMESHEET_DAYS', 'TIMESHEET_SPANS']) {
      const { extensions } = await service.fault(LINK, { input: { kind, ...year } });
      expect(extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'format' });
    }
    for (const kind of ['TIMESHEET_TOTALS', 'HOURS_BY_WEEK', 'HOURS_BY_MONTH']) {
      expect((await link({ kind, ...year })).fileName).toMatch(/\.xlsx$/);
    }
    await service.sql("DELETE FROM employees WHERE employee_id_key LIKE 'past-%'");
  });
});
