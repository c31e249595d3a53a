/** Real: the service over HTTP, the database, its schema, real photos. Fake: nothing. */
import { randomBytes } from 'node:crypto';
import { buildClientSchema, getIntrospectionQuery, type IntrospectionQuery } from 'graphql';
import { verifyAuditChain } from '../../src/services/audit/audit-verification';
import type { Speaker } from '../support/access';
import { createOffice, startClosed } from '../support/access';
import { check, collins, hopper, hopperAgain, register } from '../support/operations';
import { auditOf, erased, type AuditRow } from '../support/privacy';
import type { TestService } from '../support/service';

/**
 * Mutations that write no event when they succeed: they are many, and each leaves a punch or nothing. Their refusals
 * are audited: test/privacy/audit-refusals.test.ts.
 */
const WITHOUT_EVENT = ['checkAttendance', 'createChallenge'];

const consent = { version: '1', givenAt: '2026-01-01T00:00:00Z', recordedBy: 'HR' };
const gone = 'Nobody Byname';

let service: TestService;
let admin: Speaker;
/** What earlier steps made. */
const made: Record<string, string> = {};

/** Sends one mutation with its single argument `input`, and returns its answer. */
async function send(
  name: string,
  input: object,
  selection = 'id',
  type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`,
): Promise<Record<string, string>> {
  const query = `mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} } }`;
  return (await admin.ask<Record<string, Record<string, string>>>(query, { input }))[name] ?? {};
}
/** Sends one mutation with its arguments in the text. */
const call = async (text: string): Promise<Record<string, string>> =>
  Object.values(await admin.ask<Record<string, Record<string, string>>>(`mutation { ${text} }`))[0] ?? {};

async function reviewItem(requestId: string): Promise<string> {
  const capturedAt = new Date(Date.now() - 20 * 3_600_000).toISOString();
  await check(admin, { employeeId: 'EMP-1', requestId, capturedAt, ...hopperAgain });
  const { reviewItems } = await admin.ask<{ reviewItems: { nodes: { id: string }[] } }>(
    '{ reviewItems(filter: { status: PENDING }) { nodes { id } } }',
  );
  return reviewItems.nodes[0]?.id ?? '';
}
async function punch(): Promise<string> {
  const input = {
    employeeId: 'EMP-1',
    type: 'LOGIN',
    reason: 'camera',
    requestId: randomBytes(8).toString('hex'),
  };
  return (await send('recordManualAttendance', input))['id'] ?? '';
}
const oldTime = (): string => new Date(Date.now() - 40 * 3_600_000 - Math.random() * 1e7).toISOString();

/** Every mutation of the schema with a call that changes something, in an order in which they work. */
const STEPS: Readonly<Record<string, () => Promise<unknown>>> = {
  createOffice: async () => (made['office'] = await createOffice(admin, { name: 'Lima' })),
  updateOffice: () =>
    send('updateOffice', { id: made['office'], latitude: 1, longitude: 2, radiusMeters: 300 }),
  registerEmployee: () => register(admin),
  updateEmployee: () => send('updateEmployee', { employeeId: 'EMP-1', name: gone }),
  addFaceTemplate: async () => {
    const face = { employeeId: 'EMP-1', ...hopperAgain };
    const added: unknown = await send('addFaceTemplate', face, 'template { id }', 'FaceTemplateInput');
    made['template'] = (added as { template: { id: string } }).template.id;
  },
  removeFaceTemplate: () => call(`removeFaceTemplate(templateId: "${made['template']}") { id }`),
  replaceFace: () =>
    send('replaceFace', { employeeId: 'EMP-1', ...hopper }, 'template { id }', 'FaceTemplateInput'),
  recordConsent: () => send('recordConsent', { employeeId: 'EMP-1', consent }),
  recordManualAttendance: async () => (made['punch'] = await punch()),
  correctAttendance: () =>
    send('correctAttendance', { reason: 'wrong', changes: [{ void: { attendanceId: made['punch'] } }] }),
  restoreAttendance: () => send('restoreAttendance', { attendanceId: made['punch'], reason: 'right' }),
  acceptReviewItem: async () =>
    send('acceptReviewItem', {
      ...{
        id: await reviewItem('r-1'),
        employeeId: 'EMP-1',
        type: 'LOGIN',
        recordedAt: oldTime(),
        reason: 'ok',
      },
    }),
  dismissReviewItem: async () => send('dismissReviewItem', { id: await reviewItem('r-2'), reason: 'no' }),
  createShift: async () => {
    const input = { name: 'Day', segments: [{ from: '09:00', to: '17:30' }] };
    made['shift'] = (await send('createShift', input))['id'] ?? '';
    made['spare'] = (await send('createShift', input))['id'] ?? '';
  },
  updateShift: () =>
    send('updateShift', { id: made['spare'], name: 'Late', segments: [{ from: '12:00', to: '20:00' }] }),
  archiveShift: () => call(`archiveShift(id: "${made['spare']}") { id }`),
  createSchedule: async () => {
    const input = { name: 'Week', anchor: '2024-01-01', days: [{ day: 1, shiftId: made['shift'] }] };
    made['schedule'] = (await send('createSchedule', input))['id'] ?? '';
    made['spare'] = (await send('createSchedule', input))['id'] ?? '';
  },
  updateSchedule: () =>
    send('updateSchedule', {
      ...{ id: made['spare'], name: 'Other', anchor: '2024-01-01' },
      days: [{ day: 2, shiftId: made['shift'] }],
    }),
  archiveSchedule: () => call(`archiveSchedule(id: "${made['spare']}") { id }`),
  createWorkRules: async () =>
    (made['rules'] = (await send('createWorkRules', { name: 'Ours' }))['id'] ?? ''),
  addWorkRulesVersion: () => send('addWorkRulesVersion', { rulesId: made['rules'], from: '2026-01-01' }),
  assignSchedule: async () => {
    const plan = { scheduleId: made['schedule'], rulesId: made['rules'], from: '2026-01-01' };
    made['assignment'] = (await send('assignSchedule', { employeeId: 'EMP-1', ...plan }))['id'] ?? '';
  },
  endAssignment: () => send('endAssignment', { id: made['assignment'], until: '2099-12-31' }),
  setDayPlans: () =>
    send('setDayPlans', { plans: [{ employeeId: 'EMP-1', date: '2026-03-02', reason: 'swap' }] }, 'date'),
  importHolidays: () =>
    send('importHolidays', { officeId: made['office'], country: 'PE', year: 2027 }, 'added { date }'),
  addHoliday: async () => {
    const input = { officeId: made['office'], date: '2026-05-04', name: 'Bridge' };
    made['holiday'] = (await send('addHoliday', input))['id'] ?? '';
  },
  removeHoliday: () => call(`removeHoliday(id: "${made['holiday']}")`),
  recordAbsence: async () => {
    const input = { employeeId: 'EMP-1', from: '2026-03-03', until: '2026-03-03', kind: 'SICK' };
    made['absence'] = (await send('recordAbsence', input))['id'] ?? '';
  },
  cancelAbsence: () => call(`cancelAbsence(id: "${made['absence']}")`),
  importAbsences: () => {
    const row = {
      externalId: '1',
      employeeId: 'EMP-1',
      from: '2026-03-03',
      until: '2026-03-03',
      kind: 'SICK',
    };
    return send('importAbsences', { source: 'hr', absences: [row] }, 'added');
  },
  requestCorrection: async () => {
    const changes = [{ add: { type: 'LOGIN', recordedAt: oldTime() } }];
    const input = { employeeId: 'EMP-1', reason: 'x', changes };
    made['correction'] = (await send('requestCorrection', input))['id'] ?? '';
    made['withdrawn'] = (await send('requestCorrection', input))['id'] ?? '';
  },
  decideCorrection: () => send('decideCorrection', { id: made['correction'], approve: false }),
  withdrawCorrection: () => call(`withdrawCorrection(id: "${made['withdrawn']}") { id }`),
  decideOvertime: async () => {
    const date = '2026-03-02';
    const { workDay } = await admin.ask<{ workDay: { fingerprint: string } }>(
      `{ workDay(employeeId: "EMP-1", date: "${date}") { fingerprint } }`,
    );
    return send('decideOvertime', { employeeId: 'EMP-1', date, approvedMinutes: 0, ...workDay }, 'date');
  },
  createReportLink: () =>
    send('createReportLink', { kind: 'EXCEPTIONS', from: '2026-03-01', until: '2026-03-31' }, 'url'),
  exportEmployeeData: () => call('exportEmployeeData(employeeId: "EMP-1") { url }'),
  liftLockout: async () => {
    for (let n = 0; n < 6; n++) await admin.send(CHECK_COLLINS);
    await service.app.settle();
    return call('liftLockout(employeeId: "EMP-1")');
  },
  deactivateEmployee: () => call('deactivateEmployee(employeeId: "EMP-1") { id }'),
  reactivateEmployee: () => call('reactivateEmployee(employeeId: "EMP-1") { id }'),
  withdrawConsent: () => call('withdrawConsent(employeeId: "EMP-1") { id }'),
  eraseEmployee: () => send('eraseEmployee', { employeeId: 'EMP-1', keepAttendance: true }),
  createApiKey: async () => {
    const answer = (await send('createApiKey', { name: 'k', role: 'HR' }, 'apiKey { id }')) as unknown;
    made['key'] = (answer as { apiKey: { id: string } }).apiKey.id;
  },
  rotateApiKey: () => call(`rotateApiKey(id: "${made['key']}") { secret }`),
  revokeApiKey: () => call(`revokeApiKey(id: "${made['key']}") { id }`),
  createKioskPairing: async () => {
    made['code'] = (await call(`createKioskPairing(officeId: "${made['office']}") { code }`))['code'] ?? '';
  },
  redeemKioskPairing: () => call(`redeemKioskPairing(code: "${made['code']}") { apiKey }`),
  rotateEncryption: () => call('rotateEncryption { keyId }'),
  retryFailedUploads: () => call('retryFailedUploads'),
  deleteOffice: async () => {
    const id = await createOffice(admin, { name: 'Quito' });
    return call(`deleteOffice(id: "${id}")`);
  },
};
const CHECK_COLLINS = `mutation { checkAttendance(input: { employeeId: "EMP-1", imageBase64: "${collins.imageBase64}",
  faceDescriptor: ${JSON.stringify(collins.faceDescriptor)} }) { status } }`;

const events = async (): Promise<readonly AuditRow[]> => {
  await service.app.settle();
  return auditOf(admin);
};
const detailsOf = ({ details }: AuditRow): Record<string, string | null> =>
  Object.fromEntries(details.map(({ name, value }) => [name, value]));

beforeAll(async () => {
  const env = { ENCRYPTION_KEY: randomBytes(32).toString('hex') };
  ({ service, admin } = await startClosed({ env }));
});
afterAll(() => service.stop());

describe('the audit trail has an event of every mutation', () => {
  it('which is tried here, or named as an exception', async () => {
    const schema = buildClientSchema(
      (await admin.ask(getIntrospectionQuery())) as unknown as IntrospectionQuery,
    );
    const mutations = Object.keys(schema.getMutationType()?.getFields() ?? {});
    expect([...Object.keys(STEPS), ...WITHOUT_EVENT].sort()).toEqual(mutations.sort());
  });

  it.each(Object.entries(STEPS))('%s', async (_name, step) => {
    const before = (await events())[0]?.sequence ?? 0;
    await step();
    const written = (await events()).filter(
      ({ sequence, action }) => sequence > before && action !== 'check.refused',
    );
    expect(written.length).toBeGreaterThan(0);
    for (const { caller, address } of written.slice(-1)) {
      expect(caller).not.toBe('');
      expect(address).not.toBeNull();
    }
  });

  it('with the changed fields of an office and their values', async () => {
    const id = await createOffice(admin, { name: 'Cusco', latitude: 1, longitude: 2, radiusMeters: 100 });
    await send('updateOffice', { id, radiusMeters: 5000, allowVisitors: true, timeZone: 'America/Lima' });
    const [event] = await auditOf(admin, { action: 'office.update' });
    expect(detailsOf(event as AuditRow)).toEqual({
      officeId: id,
      changed: 'radiusMeters,timeZone,allowVisitors',
      'radiusMeters.before': '100',
      'radiusMeters.after': '5000',
      'timeZone.before': 'UTC',
      'timeZone.after': 'America/Lima',
      'allowVisitors.before': 'false',
      'allowVisitors.after': 'true',
    });
    await call(`deleteOffice(id: "${id}")`);
    const [deleted] = await auditOf(admin, { action: 'office.delete' });
    expect(detailsOf(deleted as AuditRow)).toMatchObject({ officeId: id, 'name.before': 'Cusco' });
  });

  it('with the changed fields of an employee, hashes that say what was the same, and no name', async () => {
    await register(admin, { employeeId: 'EMP-9', name: 'Eileen Collins', ...collins });
    for (const name of [gone, 'Eileen Collins', gone]) {
      await send('updateEmployee', { employeeId: 'EMP-9', name });
    }
    const rows = (await auditOf(admin, { action: 'employee.update', employeeId: 'EMP-9' })).map(detailsOf);
    expect(rows.map((row) => row['changed'])).toEqual(['name', 'name', 'name']);
    const [third, second, first] = rows;
    expect(first?.['name.after']).toMatch(/^[0-9a-f]{32}$/);
    expect(first?.['name.before']).toBe(second?.['name.after']);
    expect(third?.['name.after']).toBe(first?.['name.after']);
    expect(first?.['name.before']).not.toBe(first?.['name.after']);
    expect(JSON.stringify(await auditOf(admin))).not.toMatch(/Nobody|Byname|Collins/);
  });

  it('whose hashes nobody can test a guess with after the erasure', async () => {
    const [row] = await service.sql<{ id: string }>(`SELECT id FROM employees WHERE employee_id = 'EMP-9'`);
    const keys = (): Promise<{ audit_key: Buffer | null }[]> =>
      service.sql('SELECT audit_key FROM employees WHERE audit_key IS NOT NULL AND id = $1', [row?.id]);
    expect(await keys()).toHaveLength(1);
    const { id } = await send('eraseEmployee', { employeeId: 'EMP-9', keepAttendance: true });
    await erased(admin, id ?? '');
    expect(await keys()).toEqual([]);
    expect((await verifyAuditChain(service.app.dataSource)).faults).toEqual([]);
  });
});
