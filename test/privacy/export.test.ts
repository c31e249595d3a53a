/** Real: the service over HTTP, the database, real photos, the ZIP's bytes. Fake: the clock. */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Clock } from '../support/clock';
import { check, collins, hopper, register } from '../support/operations';
import { packed } from '../support/photos';
import { TestService } from '../support/service';
import { until } from '../support/until';
import { auditOf, erase, MANUAL, mediaFiles } from '../support/privacy';
import { unzip } from '../support/unzip';

const EXPORT = 'mutation ($id: String!) { exportEmployeeData(employeeId: $id) { url expiresAt } }';
const ADD = 'mutation ($input: FaceTemplateInput!) { addFaceTemplate(input: $input) { template { id } } }';
const KEY = 'key-of-the-tests-0123456789';

interface Data {
  readonly notIncluded: Readonly<Record<string, string>>;
  readonly employee: Readonly<Record<string, unknown>>;
  readonly templates: readonly Readonly<Record<string, unknown>>[];
  readonly attendances: readonly Readonly<Record<string, unknown>>[];
  readonly auditEvents: readonly Readonly<Record<string, unknown>>[];
  readonly challenges: readonly unknown[];
  readonly refusedFaces: readonly unknown[];
}

describe('an export', () => {
  let service: TestService;
  const clock = new Clock();
  const urlOf = async (id = 'EMP-1'): Promise<string> =>
    (await service.ask<{ exportEmployeeData: { url: string } }>(EXPORT, { id })).exportEmployeeData.url;

  beforeAll(async () => {
    service = await TestService.start({ now: clock.now, env: { PUNCH_MIN_INTERVAL_SECONDS: '0' } });
  });
  beforeEach(async () => {
    clock.set(Clock.START);
    await service.reset();
    await register(service, {
      consent: { version: '7', givenAt: '2026-01-01T00:00:00Z', recordedBy: 'Reception' },
    });
  });
  afterAll(() => service.stop());

  it('is everything that is held on one person, with the photos, and nothing of anybody else', async () => {
    await service.ask(ADD, { input: { employeeId: 'EMP-1', ...hopper } });
    await register(service, { employeeId: 'EMP-2', name: 'Eileen Collins', ...collins });
    await check(service, { employeeId: 'EMP-1', latitude: 52.5, longitude: 13.4, requestId: 'r-1' });
    await check(service, { employeeId: 'EMP-2', ...collins });
    await service.ask(MANUAL, { input: { employeeId: 'EMP-1', type: 'LOGOUT', reason: 'Dentist' } });

    const response = await fetch(await urlOf());
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/zip',
      'content-disposition': 'attachment; filename="rollcall-EMP-1.zip"',
      'cache-control': 'no-store',
    });
    const files = unzip(Buffer.from(await response.arrayBuffer()));
    const text = files.get('data.json')?.toString('utf8') ?? '';
    const data = JSON.parse(text) as Data;

    expect(data.employee).toMatchObject({
      employeeId: 'EMP-1',
      name: 'Grace Hopper',
      active: true,
      consentVersion: '7',
      consentRecordedBy: 'Reception',
      photo: 'photos/face_images/EMP-1.jpg',
    });
    expect(data.templates).toHaveLength(2);
    expect(data.templates[0]).toMatchObject({ model: 'dlib-resnet-128', source: 'client', dimension: 128 });
    expect(data.attendances).toMatchObject([
      { type: 'LOGIN', latitude: 52.5, longitude: 13.4, requestId: 'r-1', manualReason: null },
      { type: 'LOGOUT', similarity: null, manualReason: 'Dentist', photo: null },
    ]);
    expect(data.attendances[0]).not.toHaveProperty('key');
    expect(data.auditEvents.map(({ action }) => action)).toEqual([
      ...['employee.register', 'consent.record', 'face-template.add', 'attendance.manual', 'employee.export'],
      'employee.export-download',
    ]);
    expect(data.notIncluded['faceDescriptors']).toContain('stay inside');

    const named = [data.employee, ...data.templates, ...data.attendances].flatMap(({ photo }) =>
      typeof photo === 'string' ? [photo] : [],
    );
    expect([...files.keys()].sort()).toEqual(['data.json', ...named].sort());
    expect(named).toHaveLength(3);
    for (const name of named) {
      const onDisk = readFileSync(join(service.storage.dataDir, 'media', name.replace(/^photos\//, '')));
      expect(files.get(name)?.equals(onDisk)).toBe(true);
    }
    // No descriptor in any form, and nothing of the other person.
    expect(text).not.toContain(packed(hopper.faceDescriptor).slice(0, 24));
    expect(text).not.toContain(String(hopper.faceDescriptor[0]).slice(0, 9));
    expect(text).not.toContain('Eileen');
  });

  it('tells who looked at the photos, and of faces that were refused', async () => {
    const { employee } = await service.ask<{ employee: { faceImageUrl: string } }>(
      '{ employee(employeeId: "EMP-1") { faceImageUrl } }',
    );
    await (await fetch(employee.faceImageUrl)).arrayBuffer();
    await check(service, { employeeId: 'EMP-1', ...collins });
    await until(
      () => auditOf(service),
      (rows) =>
        ['photo.read', 'check.refused'].every((wanted) => rows.some(({ action }) => action === wanted)),
    );
    const files = unzip(Buffer.from(await (await fetch(await urlOf())).arrayBuffer()));
    const data = JSON.parse(files.get('data.json')?.toString('utf8') ?? '') as Data;
    expect(data.auditEvents.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['photo.read', 'check.refused']),
    );
    expect(data.refusedFaces).toMatchObject([
      { daily: false, refusedFaces: 1, lockedUntil: null },
      { daily: true, refusedFaces: 1, lockedUntil: null },
    ]);
  });

  it('is downloaded once, by anybody who has its address', async () => {
    const url = await urlOf('emp-1');
    expect((await fetch(url, { method: 'HEAD' })).status).toBe(404);
    const first = await fetch(url);
    expect(first.status).toBe(200);
    await first.arrayBuffer();
    const second = await fetch(url);
    expect(second.status).toBe(404);
    expect(await second.json()).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
    const downloads = await auditOf(service, { action: 'employee.export-download' });
    expect(downloads).toHaveLength(1);
    expect(downloads[0]).toMatchObject({ caller: 'open', address: expect.any(String) as string });
  });

  it('is there for five minutes', async () => {
    const [used, late] = [await urlOf(), await urlOf()];
    clock.advance(299_000);
    const answer = await fetch(used);
    expect(answer.status).toBe(200);
    await answer.arrayBuffer();
    clock.advance(1000);
    expect((await fetch(late)).status).toBe(404);
    expect((await fetch(`${service.url}/exports/nonsense`)).status).toBe(404);
  });

  it('is of somebody who is there: not of who was erased meanwhile', async () => {
    expect((await service.fault(EXPORT, { id: 'NOBODY' })).extensions.code).toBe('NOT_FOUND');
    const url = await urlOf();
    await erase(service, 'EMP-1', true);
    expect((await fetch(url)).status).toBe(404);
    expect((await service.fault(EXPORT, { id: 'EMP-1' })).extensions.code).toBe('NOT_FOUND');
  });

  it('has an empty file for a photo that is gone from the disk, and the rest', async () => {
    await check(service, { employeeId: 'EMP-1' });
    const punch = mediaFiles(service.storage).find((path) => path.startsWith('attendance_images')) ?? '';
    rmSync(join(service.storage.dataDir, 'media', punch));
    const files = unzip(Buffer.from(await (await fetch(await urlOf())).arrayBuffer()));
    expect(files.get(`photos/${punch}`)).toHaveLength(0);
    expect(files.get('photos/face_images/EMP-1.jpg')?.length).toBeGreaterThan(1000);
  });
});

it('an export needs the key to be asked for, and its address none', async () => {
  const service = await TestService.start({ env: { ADMIN_API_KEY: KEY } });
  try {
    const headers = { authorization: `Bearer ${KEY}` };
    await service.send(
      'mutation ($input: RegisterEmployeeInput!) { registerEmployee(input: $input) { message } }',
      {
        input: { name: 'Grace', employeeId: 'EMP-1', ...hopper },
      },
      headers,
    );
    const refused = await service.send(EXPORT, { id: 'EMP-1' });
    expect(refused.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    const { data } = await service.send<{ exportEmployeeData: { url: string } }>(
      EXPORT,
      { id: 'EMP-1' },
      headers,
    );
    const answer = await fetch(data?.exportEmployeeData.url ?? '');
    expect(answer.status).toBe(200);
    expect(unzip(Buffer.from(await answer.arrayBuffer())).has('data.json')).toBe(true);
  } finally {
    await service.stop();
  }
});
