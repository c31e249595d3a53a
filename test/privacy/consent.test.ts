/** Real: the service over HTTP, the database, the disk, Cloudinary's SDK, real photos. Stand-in: Cloudinary. */
import { CloudinaryStandIn } from '../support/cloudinary-stand-in';
import { createStorage } from '../support/databases';
import { check, hopper, register, REGISTER } from '../support/operations';
import { TestService } from '../support/service';
import { cloudinaryEnv, FAST_UPLOADS } from '../support/uploads';
import { until } from '../support/until';
import { auditOf, MANUAL, mediaFiles } from '../support/privacy';

const ENROL = (mutation: string): string => `mutation ($input: FaceTemplateInput!) {
  ${mutation}(input: $input) { employee { imageUrl consent { version withdrawnAt } faceTemplates { id } } }
}`;
const WITHDRAW = `mutation ($id: String!) { withdrawConsent(employeeId: $id) {
  active imageUrl faceTemplates { id } consent { version givenAt recordedBy withdrawnAt }
} }`;
const RECORD = `mutation ($input: RecordConsentInput!) { recordConsent(input: $input) { consent { version } } }`;
const CONSENT = `{ employee(employeeId: "EMP-1") { consent { version givenAt recordedBy withdrawnAt } } }`;

const consent = { version: '2026-01 en', givenAt: '2026-01-15T09:30:00.000Z', recordedBy: 'Front desk' };

describe('consent', () => {
  let service: TestService;
  let cdn: CloudinaryStandIn;
  const start = async (env: Readonly<Record<string, string>> = {}): Promise<void> => {
    service = await TestService.start({
      env: { PUNCH_MIN_INTERVAL_SECONDS: '0', ...cloudinaryEnv(cdn), ...env },
      uploadTiming: FAST_UPLOADS,
    });
  };
  beforeEach(async () => {
    cdn = await CloudinaryStandIn.start();
  });
  afterEach(async () => {
    await service.stop();
    await cdn.stop();
  });

  it('is kept with the employee, and in the audit trail without a name', async () => {
    await start();
    const { employee } = await register(service, { consent });
    expect(await service.ask(CONSENT)).toEqual({ employee: { consent: { ...consent, withdrawnAt: null } } });
    const [event] = await auditOf(service, { action: 'consent.record' });
    expect(event).toMatchObject({ employeeId: employee.id, caller: 'open', outcome: 'OK' });
    expect(event?.details).toEqual([
      { name: 'givenAt', value: consent.givenAt },
      { name: 'version', value: consent.version },
    ]);
    await register(service, { employeeId: 'EMP-2', allowDuplicateFace: true });
    expect(await service.ask('{ employee(employeeId: "EMP-2") { consent { version } } }')).toEqual({
      employee: { consent: null },
    });
  });

  it('is checked: not in the future, and with every part', async () => {
    await start();
    const future = new Date(Date.now() + 3_600_000).toISOString();
    for (const [wrong, field] of [
      [{ ...consent, givenAt: future }, 'consent.givenAt'],
      [{ ...consent, version: ' ' }, 'consent.version'],
      [{ ...consent, recordedBy: 'x'.repeat(201) }, 'consent.recordedBy'],
    ] as const) {
      const input = { name: 'Grace', employeeId: 'EMP-1', ...hopper, consent: wrong };
      const fault = await service.fault(REGISTER, { input });
      expect(fault.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
      expect(JSON.stringify(fault)).toContain(field.split('.')[1]);
    }
  });

  it('is needed for every enrolment with REQUIRE_CONSENT', async () => {
    await start({ REQUIRE_CONSENT: 'true' });
    const fault = await service.fault(REGISTER, { input: { name: 'Grace', employeeId: 'EMP-1', ...hopper } });
    expect(fault.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'consent' });
    expect(mediaFiles(service.storage)).toEqual([]);
    await register(service, { consent });
    // The consent of the registration holds for a further face.
    await service.ask(ENROL('addFaceTemplate'), { input: { employeeId: 'EMP-1', ...hopper } });
  });

  it('can be recorded for employees registered before it was required', async () => {
    await start();
    await service.stop();
    const storage = await createStorage();
    service = await TestService.start({ storage });
    await register(service);
    await service.app.close();
    service = await TestService.start({ storage, env: { REQUIRE_CONSENT: 'true' } });
    for (const mutation of ['addFaceTemplate', 'replaceFace']) {
      const fault = await service.fault(ENROL(mutation), { input: { employeeId: 'EMP-1', ...hopper } });
      expect(fault.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'consent' });
    }
    await service.ask(RECORD, { input: { employeeId: 'EMP-1', consent } });
    await service.ask(ENROL('replaceFace'), { input: { employeeId: 'EMP-1', ...hopper } });
    const fault = await service.fault(RECORD, { input: { employeeId: 'NOBODY', consent } });
    expect(fault.extensions.code).toBe('NOT_FOUND');
    await service.app.close();
    await storage.remove();
    await start();
  });

  it('withdrawn takes templates and face photos away, and leaves an employee who punches by hand', async () => {
    await start();
    await register(service, { consent });
    await service.ask(ENROL('addFaceTemplate'), { input: { employeeId: 'EMP-1', ...hopper } });
    await check(service, { employeeId: 'EMP-1' });
    expect(cdn.assets.size).toBe(3);

    const { withdrawConsent } = await service.ask<{ withdrawConsent: Record<string, unknown> }>(WITHDRAW, {
      id: 'emp-1',
    });
    expect(withdrawConsent).toEqual({
      active: true,
      imageUrl: null,
      faceTemplates: [],
      consent: { ...consent, withdrawnAt: expect.any(String) as string },
    });
    // A check is an outcome, not an error.
    expect(await check(service)).toMatchObject({ status: 'FACE_NOT_RECOGNIZED' });
    expect(await check(service, { employeeId: 'EMP-1' })).toMatchObject({
      status: 'FACE_MISMATCH',
      similarity: null,
    });
    await until(
      () => Promise.resolve([mediaFiles(service.storage).length, cdn.assets.size]),
      ([files, assets]) => files === 1 && assets === 1,
    );
    expect(mediaFiles(service.storage)[0]).toMatch(/^attendance_images/);
    await service.ask(MANUAL, { input: { employeeId: 'EMP-1', type: 'LOGOUT', reason: 'No consent' } });

    const again = await service.fault(WITHDRAW, { id: 'EMP-1' });
    expect(again.extensions.code).toBe('CONFLICT');
    const [event] = await auditOf(service, { action: 'consent.withdraw' });
    expect(event?.details).toEqual([{ name: 'templates', value: '2' }]);
  });

  it('once withdrawn is required again before a face is enrolled, whatever is configured', async () => {
    await start();
    await register(service);
    await service.ask(WITHDRAW, { id: 'EMP-1' });
    for (const mutation of ['addFaceTemplate', 'replaceFace']) {
      const fault = await service.fault(ENROL(mutation), { input: { employeeId: 'EMP-1', ...hopper } });
      expect(fault.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'consent' });
    }
    const { addFaceTemplate } = await service.ask<{ addFaceTemplate: { employee: Record<string, unknown> } }>(
      ENROL('addFaceTemplate'),
      { input: { employeeId: 'EMP-1', ...hopper, consent } },
    );
    expect(addFaceTemplate.employee).toMatchObject({
      imageUrl: expect.stringContaining('https://res.cloudinary.com') as string,
      consent: { version: consent.version, withdrawnAt: null },
    });
    expect(await check(service)).toMatchObject({ status: 'RECORDED' });
  });
});
