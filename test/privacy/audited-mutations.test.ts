/** Real: the service over HTTP, the database, its schema, real photos. Fake: nothing. */
import { randomBytes } from 'node:crypto';
import { buildClientSchema, getIntrospectionQuery, type IntrospectionQuery } from 'graphql';
import { verifyAuditChain } from '../../src/services/audit/audit-verification';
import type { Speaker } from '../support/access';
import { createOffice, startClosed } from '../support/access';
import { callMutation, everyMutation, NEW_NAME, sendMutation } from '../support/every-mutation';
import { collins, register } from '../support/operations';
import { auditOf, erased, type AuditRow } from '../support/privacy';
import type { TestService } from '../support/service';

/**
 * Mutations that write no event when they succeed: they are many, and each leaves a punch or nothing. Their refusals
 * are audited: test/privacy/audit-refusals.test.ts.
 */
const WITHOUT_EVENT = ['checkAttendance', 'createChallenge'];

let service: TestService;
let admin: Speaker;
const steps = everyMutation({
  get service() {
    return service;
  },
  get admin() {
    return admin;
  },
});

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
    expect([...Object.keys(steps), ...WITHOUT_EVENT].sort()).toEqual(mutations.sort());
  });

  it.each(Object.entries(steps))('%s', async (_name, step) => {
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
    await sendMutation(admin, 'updateOffice', {
      id,
      radiusMeters: 5000,
      allowVisitors: true,
      timeZone: 'America/Lima',
    });
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
    await callMutation(admin, `deleteOffice(id: "${id}")`);
    const [deleted] = await auditOf(admin, { action: 'office.delete' });
    expect(detailsOf(deleted as AuditRow)).toMatchObject({ officeId: id, 'name.before': 'Cusco' });
  });

  it('with the changed fields of an employee, hashes that say what was the same, and no name', async () => {
    await register(admin, { employeeId: 'EMP-9', name: 'Eileen Collins', ...collins });
    for (const name of [NEW_NAME, 'Eileen Collins', NEW_NAME]) {
      await sendMutation(admin, 'updateEmployee', { employeeId: 'EMP-9', name });
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
    const { id } = await sendMutation(admin, 'eraseEmployee', { employeeId: 'EMP-9', keepAttendance: true });
    await erased(admin, id ?? '');
    expect(await keys()).toEqual([]);
    expect((await verifyAuditChain(service.app.dataSource)).faults).toEqual([]);
  });
});
