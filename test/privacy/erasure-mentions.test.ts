/** Real: the service over HTTP, the database, real photos. Fake: nothing. */
import { createKey, createOffice, type Speaker, startClosed } from '../support/access';
import { collins, register } from '../support/operations';
import { erase, erased } from '../support/privacy';
import type { TestService } from '../support/service';
import { FAST_UPLOADS } from '../support/uploads';

describe('an erasure', () => {
  let service: TestService;
  let admin: Speaker;
  beforeAll(async () => {
    ({ service, admin } = await startClosed({ uploadTiming: FAST_UPLOADS }));
  });
  afterAll(() => service.stop());

  it('takes the name out of what others wrote, and leaves the rest of it', async () => {
    await register(admin, { name: 'Grace B. Hopper (Rear Admiral)', employeeId: 'EMP-1' });
    await register(admin, { employeeId: 'EMP-12', name: 'Eileen Collins', ...collins });
    const office = await createOffice(admin, { name: 'Lima' });
    await createKey(admin, { role: 'HR', name: 'phone of GRACE  B. HOPPER (Rear Admiral)' });
    await createKey(admin, { role: 'HR', name: 'EMP-1, EMP-12 and EMP-100' });
    await admin.ask(
      'mutation ($office: ID!) { createKioskPairing(officeId: $office, name: "emp-1 door") { code } }',
      {
        office,
      },
    );
    const record =
      'mutation ($input: RecordManualAttendanceInput!) { recordManualAttendance(input: $input) { id } }';
    const { recordManualAttendance: punch } = await admin.ask<{ recordManualAttendance: { id: string } }>(
      record,
      {
        input: { employeeId: 'EMP-12', type: 'LOGIN', reason: 'Grace B. Hopper (Rear Admiral) saw her come' },
      },
    );
    await admin.ask(
      'mutation ($input: CorrectAttendanceInput!) { correctAttendance(input: $input) { id } }',
      {
        input: { reason: 'was EMP-1', changes: [{ void: { attendanceId: punch.id } }] },
      },
    );
    await erased(admin, (await erase(admin, 'EMP-1', false)).id);

    const texts = await service.sql<{ text: string }>(
      `SELECT name AS text FROM api_keys UNION ALL SELECT name FROM kiosk_pairings
       UNION ALL SELECT manual_reason FROM attendances UNION ALL SELECT reason FROM attendance_voids
       UNION ALL SELECT reason FROM corrections ORDER BY 1`,
    );
    expect(texts.map(({ text }) => text).sort()).toEqual(
      ['… door', '…, EMP-12 and EMP-100', 'phone of …', '… saw her come', 'was …', 'was …'].sort(),
    );
    expect((await admin.ask<{ apiKeys: object[] }>('{ apiKeys { name } }')).apiKeys).toHaveLength(2);
  });

  it('changes no text for a name that is a short word', async () => {
    await register(admin, { name: 'Al', employeeId: 'A1' });
    await createKey(admin, { role: 'HR', name: 'Al A1' });
    await erased(admin, (await erase(admin, 'A1', true)).id);
    const names = await service.sql<{ name: string }>('SELECT name FROM api_keys');
    expect(names.map(({ name }) => name)).toContain('Al A1');
  });
});
