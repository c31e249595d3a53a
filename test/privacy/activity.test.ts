/** Real: the service over HTTP, the database, real photos. Fake: nothing. */
import { check, collins, punchCount, register } from '../support/operations';
import { TestService } from '../support/service';
import { auditOf, mediaFiles } from '../support/privacy';

const DEACTIVATE = `mutation ($id: String!) { deactivateEmployee(employeeId: $id) { employeeId active faceTemplates { id } } }`;
const REACTIVATE = `mutation ($id: String!) { reactivateEmployee(employeeId: $id) { employeeId active } }`;
const LIST = `query ($filter: EmployeeFilter) { employees(filter: $filter) { totalCount nodes { employeeId active } } }`;

describe('an employee who leaves and comes back', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await TestService.start({ env: { PUNCH_MIN_INTERVAL_SECONDS: '0' } });
  });
  beforeEach(async () => {
    await service.reset();
    await register(service);
  });
  afterAll(() => service.stop());

  it('is not matched while inactive, keeps the templates, and is matched again afterwards', async () => {
    await register(service, { employeeId: 'EMP-2', name: 'Eileen Collins', ...collins });
    const { deactivateEmployee } = await service.ask<{ deactivateEmployee: { faceTemplates: unknown[] } }>(
      DEACTIVATE,
      { id: 'emp-1' },
    );
    expect(deactivateEmployee).toMatchObject({ employeeId: 'EMP-1', active: false });
    expect(deactivateEmployee.faceTemplates).toHaveLength(1);
    expect(await check(service)).toMatchObject({ status: 'FACE_NOT_RECOGNIZED' });
    expect(await check(service, { employeeId: 'EMP-1' })).toMatchObject({ status: 'EMPLOYEE_NOT_FOUND' });
    expect(mediaFiles(service.storage)).toContain('face_images/EMP-1.jpg');
    expect(await service.ask(LIST, { filter: { active: true } })).toEqual({
      employees: { totalCount: 1, nodes: [{ employeeId: 'EMP-2', active: true }] },
    });
    expect(await service.ask(LIST, { filter: { active: false } })).toEqual({
      employees: { totalCount: 1, nodes: [{ employeeId: 'EMP-1', active: false }] },
    });
    expect(await service.ask(LIST)).toMatchObject({ employees: { totalCount: 2 } });
    // Again changes nothing, and is not told twice.
    await service.ask(DEACTIVATE, { id: 'EMP-1' });
    await service.ask(REACTIVATE, { id: 'EMP-1' });
    expect(await check(service)).toMatchObject({ status: 'RECORDED' });
    expect(await punchCount(service)).toBe(1);
    const actions = (await auditOf(service, { employeeId: 'EMP-1' })).map(({ action }) => action);
    expect(actions.filter((action) => action !== 'check.refused')).toEqual([
      'employee.reactivate',
      'employee.deactivate',
      'employee.register',
    ]);
  });

  it('does not come back if the face was enrolled for somebody else meanwhile', async () => {
    await service.ask(DEACTIVATE, { id: 'EMP-1' });
    await register(service, { employeeId: 'EMP-9', name: 'Grace Twice' });
    const fault = await service.fault(REACTIVATE, { id: 'EMP-1' });
    expect(fault.extensions).toMatchObject({ code: 'FACE_ALREADY_ENROLLED', employeeId: 'EMP-9' });
    expect((await check(service)).attendance?.employee.employeeId).toBe('EMP-9');
  });

  it('is somebody', async () => {
    for (const operation of [DEACTIVATE, REACTIVATE]) {
      for (const id of ['NOBODY', 'no\u0000body']) {
        expect((await service.fault(operation, { id })).extensions.code).toBe('NOT_FOUND');
      }
    }
  });

  it('punches no more once the deactivation was answered, however many checks race with it', async () => {
    const checks = Array.from({ length: 8 }, () => check(service, { employeeId: 'EMP-1' }));
    await service.ask(DEACTIVATE, { id: 'EMP-1' });
    const answered = await punchCount(service);
    await Promise.all(checks);
    expect(await punchCount(service)).toBe(answered);
    expect(mediaFiles(service.storage)).toHaveLength(answered + 1);
  });
});
