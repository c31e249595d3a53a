/** Real: the service over HTTP, the database, real photos, encrypted and not. Fake: nothing. */
import { randomBytes } from 'node:crypto';
import { createKey, createOffice, Speaker, startClosed } from '../support/access';
import { send } from '../support/hostile';
import { check, CHECK, collins, hopperAgain, register } from '../support/operations';
import { auditOf, type AuditRow } from '../support/privacy';
import type { TestService } from '../support/service';

const detailsOf = ({ details }: AuditRow): Record<string, string | null> =>
  Object.fromEntries(details.map(({ name, value }) => [name, value]));

describe.each([
  ['as they are', {}],
  ['encrypted', { ENCRYPTION_KEY: randomBytes(32).toString('hex'), ENCRYPT_MEDIA: 'true' }],
])('reads, with photos %s', (_how, env: Record<string, string>) => {
  let service: TestService;
  let admin: Speaker;
  beforeAll(async () => {
    ({ service, admin } = await startClosed({ env }));
  });
  beforeEach(() => service.reset());
  afterAll(() => service.stop());

  const reads = async (action: string): Promise<readonly AuditRow[]> => {
    await service.app.settle();
    return auditOf(admin, { action });
  };

  it('of a photo are audited by what was answered, whatever was asked', async () => {
    const { employee } = await register(admin);
    const url = employee.faceImageUrl.replace(service.url, '');
    const get = (headers: Record<string, string>, method = 'GET') =>
      send(service.url, url, { method, headers });
    const first = await get({});
    const etag = first.headers['etag'] as string;
    const statuses: number[] = [];
    for (const headers of [
      { 'if-none-match': '"something-else"' },
      { 'if-none-match': '' },
      { 'if-modified-since': 'Thu, 01 Jan 1970 00:00:00 GMT' },
      { 'if-modified-since': 'nonsense' },
      { 'if-none-match': etag },
      { 'if-none-match': '*' },
    ] as Record<string, string>[]) {
      statuses.push((await get(headers)).status);
    }
    expect(statuses).toEqual([200, 200, 200, 200, 304, 304]);
    const rows = await reads('photo.read');
    const counts = (outcome: string): number =>
      rows
        .filter((row) => row.outcome === outcome)
        .reduce((sum, row) => sum + Number(detailsOf(row)['count']), 0);
    expect([counts('OK'), counts('NOT_MODIFIED')]).toEqual([5, 2]);
    expect(rows.every(({ employeeId }) => employeeId === employee.id)).toBe(true);
    // What is not there was not read.
    const before = rows.length;
    expect((await get({ 'if-match': '"other"' })).status).toBeGreaterThanOrEqual(200);
    await send(service.url, '/media/face_images/NOBODY.jpg', { headers: { 'if-none-match': '*' } });
    expect((await reads('photo.read')).length).toBeLessThanOrEqual(before + 1);
  });

  it('of a part of a photo, or of its headers, are audited too; a refusal that tells nothing is not', async () => {
    await register(admin);
    const { employee } = await admin.ask<{ employee: { faceImageUrl: string } }>(
      '{ employee(employeeId: "EMP-1") { faceImageUrl } }',
    );
    const url = employee.faceImageUrl.replace(service.url, '');
    const noted = async (): Promise<number> =>
      (await reads('photo.read')).reduce((sum, row) => sum + Number(detailsOf(row)['count']), 0);
    for (const [method, headers] of [
      ['GET', { range: 'bytes=0-9' }],
      ['GET', { range: 'bytes=-9' }],
      ['GET', { range: 'bytes=0-0,5-9' }],
      ['GET', { range: 'bytes=0-9', 'if-range': '"other"' }],
      ['GET', { range: 'lines=1-2' }],
      ['HEAD', {}],
      ['HEAD', { range: 'bytes=0-9' }],
      ['GET', { range: 'bytes=99999999-' }],
      ['GET', { 'if-match': '"other"' }],
      ['GET', { 'if-unmodified-since': 'Thu, 01 Jan 1970 00:00:00 GMT' }],
    ] as [string, Record<string, string>][]) {
      const before = await noted();
      const { status, bytes } = await send(service.url, url, { method, headers });
      const tells = [200, 206].includes(status);
      expect([method, headers, status, (await noted()) - before]).toEqual([
        method,
        headers,
        status,
        tells ? 1 : 0,
      ]);
      // Whatever is not noted has nothing of the photo.
      if (!tells) expect(bytes.includes(Buffer.from('JFIF'))).toBe(false);
    }
  });

  it('of single days, timesheets and corrections are audited, since one request can ask for many people', async () => {
    const officeId = await createOffice(admin, { name: 'Lima' });
    await register(admin, { officeId });
    const punch = await check(admin, { employeeId: 'EMP-1', ...hopperAgain });
    await admin.ask(
      'mutation ($input: CorrectAttendanceInput!) { correctAttendance(input: $input) { id } }',
      {
        input: {
          employeeId: 'EMP-1',
          reason: 'twice',
          changes: [{ void: { attendanceId: punch.attendance?.id } }],
        },
      },
    );
    const date = new Date().toISOString().slice(0, 10);
    await admin.ask(`{
      a: workDay(employeeId: "EMP-1", date: "${date}") { date }
      b: workDay(employeeId: "EMP-1", date: "${date}") { date }
      timesheet(employeeId: "EMP-1", from: "${date}", until: "${date}") { employee { id } }
      corrections { nodes { id } }
    }`);
    const told = (await reads('punches.read')).map(detailsOf);
    expect(told).toEqual([{ count: '4', workDay: '2', timesheet: '1', corrections: '1' }]);
  });

  it("of many people's punches are audited by the minute, with caller and rows", async () => {
    const officeId = await createOffice(admin, { name: 'Lima' });
    await register(admin, { officeId });
    await register(admin, { officeId, employeeId: 'EMP-2', name: 'Eileen Collins', ...collins });
    for (const input of [
      { employeeId: 'EMP-1', ...hopperAgain },
      { employeeId: 'EMP-2', ...collins },
    ]) {
      expect((await check(admin, input)).status).toBe('RECORDED');
    }
    const viewer = await createKey(admin, { role: 'VIEWER' });
    const speaker = new Speaker(service, viewer.secret);
    for (let n = 0; n < 5; n++) await speaker.ask('{ attendances { nodes { id } } }');
    await speaker.ask('{ attendances(filter: { employeeId: "EMP-1" }) { nodes { id } } }');
    await speaker.ask(
      '{ a: attendances(first: 1) { totalCount } b: attendances(first: 1) { nodes { id } } }',
    );
    // Nothing was there to read.
    await speaker.ask('{ attendances(filter: { employeeId: "EMP-9" }) { nodes { id } } }');
    const capturedAt = new Date(Date.now() - 20 * 3_600_000).toISOString();
    await admin.send(CHECK, { input: { employeeId: 'EMP-1', requestId: 'r', capturedAt, ...hopperAgain } });
    await admin.ask('{ reviewItems { nodes { id } } }');
    const rows = await reads('punches.read');
    const told = rows.map((row) => ({ caller: row.caller, outcome: row.outcome, ...detailsOf(row) }));
    expect(told).toHaveLength(2);
    expect(told).toEqual(
      expect.arrayContaining([
        { caller: `key:${viewer.id}`, outcome: 'OK', count: '8', attendances: '13' },
        { caller: 'admin', outcome: 'OK', count: '1', reviewItems: '1' },
      ]),
    );
  });
});
