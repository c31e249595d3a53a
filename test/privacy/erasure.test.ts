/** Real: the service over HTTP, the database, the disk, Cloudinary's SDK, real photos. Stand-in: Cloudinary. */
import { CloudinaryStandIn } from '../support/cloudinary-stand-in';
import { createStorage, type TestStorage } from '../support/databases';
import { check, collins, hopper, PUNCHES, punchCount, register, REGISTER } from '../support/operations';
import { TestService } from '../support/service';
import { cloudinaryEnv, FAST_UPLOADS } from '../support/uploads';
import { until } from '../support/until';
import { auditOf, erase, erased, ERASE, erasureOf, inDatabase, MANUAL, mediaFiles } from '../support/privacy';

const EMPLOYEES = '{ employees { totalCount nodes { employeeId name active } } }';
const ADD = 'mutation ($input: FaceTemplateInput!) { addFaceTemplate(input: $input) { template { id } } }';

describe('erasure', () => {
  let storage: TestStorage;
  let cdn: CloudinaryStandIn;
  let service: TestService;

  const start = async (env: Readonly<Record<string, string>> = cloudinaryEnv(cdn)): Promise<void> => {
    service = await TestService.start({
      storage,
      env: { PUNCH_MIN_INTERVAL_SECONDS: '0', ...env },
      uploadTiming: FAST_UPLOADS,
    });
  };
  /** Grace with two faces and three punches, one with a position, and Eileen with one of each. */
  const populate = async (): Promise<string> => {
    const { employee } = await register(service);
    await service.ask(ADD, { input: { employeeId: 'EMP-1', ...hopper, imageBase64: hopper.imageBase64 } });
    await register(service, { employeeId: 'EMP-2', name: 'Eileen Collins', ...collins });
    await check(service, { employeeId: 'EMP-1', latitude: 52.5, longitude: 13.4, requestId: 'grace-1' });
    await check(service, { employeeId: 'EMP-1' });
    await check(service);
    await check(service, { employeeId: 'EMP-2', ...collins });
    return employee.id;
  };

  beforeEach(async () => {
    cdn = await CloudinaryStandIn.start();
    storage = await createStorage();
  });
  afterEach(async () => {
    await service.stop();
    await cdn.stop();
    await storage.remove();
  });

  it('answers at once, matches nowhere from then on, and removes a person from database, disk and CDN', async () => {
    await start();
    const rowId = await populate();
    expect(cdn.assets.size).toBe(7);
    const asked = await erase(service, 'emp-1', false);
    expect(asked).toMatchObject({
      subjectId: rowId,
      keepAttendance: false,
      requestedBy: 'open',
      completedAt: null,
      remaining: { templates: 0 },
    });
    expect(await check(service)).toMatchObject({ status: 'FACE_NOT_RECOGNIZED' });
    expect(await check(service, { employeeId: 'EMP-1' })).toMatchObject({ status: 'EMPLOYEE_NOT_FOUND' });
    expect(await service.ask('{ employee(employeeId: "EMP-1") { id } }')).toEqual({ employee: null });

    const done = await erased(service, asked.id);
    expect(done).toMatchObject({ lastError: null, remaining: { templates: 0, photos: 0, assets: 0 } });
    expect(Date.parse(done.completedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(done.requestedAt));
    expect(mediaFiles(storage)).toHaveLength(2);
    expect(mediaFiles(storage)).toContain('face_images/EMP-2.jpg');
    expect(cdn.assets.size).toBe(2);
    expect(await punchCount(service)).toBe(1);
    expect(await service.ask(EMPLOYEES)).toMatchObject({ employees: { totalCount: 1 } });
    // The other one is not touched.
    expect(await check(service, collins)).toMatchObject({ status: 'RECORDED' });
    const actions = (await auditOf(service, { employeeId: rowId })).map(({ action, caller }) => [
      action,
      caller,
    ]);
    expect(actions.slice(0, 2)).toEqual([
      ['employee.erased', 'system'],
      ['employee.erase', 'open'],
    ]);

    await service.app.close();
    await inDatabase(storage, async (dataSource) => {
      const named = async (table: string, column: string): Promise<unknown[]> =>
        dataSource.query(`SELECT 1 FROM ${table} WHERE ${column} = $1`, [rowId]);
      expect(await named('employees', 'id')).toEqual([]);
      expect(await named('attendances', 'employee_id')).toEqual([]);
      expect(await named('face_templates', 'employee_id')).toEqual([]);
      expect(await dataSource.query('SELECT path FROM discarded_images')).toEqual([]);
      const text = JSON.stringify(await dataSource.query('SELECT * FROM audit_events'));
      expect(text).not.toContain('Grace');
      expect(text).not.toContain('EMP-1');
    });
    await start();
  });

  it('keeps punches as asked: under a pseudonym, without photo, similarity and position', async () => {
    await start();
    const rowId = await populate();
    await service.ask(MANUAL, { input: { employeeId: 'EMP-1', type: 'LOGOUT', reason: 'Broken arm' } });
    const { id } = await erase(service, 'EMP-1', true);
    await erased(service, id);
    const { attendances } = await service.ask<{ attendances: { nodes: unknown[] } }>(
      `{ attendances(first: 10) { nodes { type similarity imageUrl localImageUrl cloudinaryImageUrl latitude longitude
        distanceFromOffice manual { reason } employee { name employeeId active imageUrl consent { version } } } } }`,
    );
    const erasedPunches = attendances.nodes.filter(
      (node) => (node as { employee: { name: string } }).employee.name === 'Erased employee',
    );
    expect(erasedPunches).toHaveLength(4);
    for (const punch of erasedPunches) {
      expect(punch).toMatchObject({
        similarity: 0,
        imageUrl: null,
        localImageUrl: null,
        cloudinaryImageUrl: null,
        latitude: null,
        longitude: null,
        employee: { employeeId: `erased-${rowId}`, active: false, imageUrl: null, consent: null },
      });
    }
    expect(erasedPunches[0]).toMatchObject({ type: 'LOGOUT', manual: { reason: 'erased' } });
    expect(cdn.assets.size).toBe(2);
    expect(mediaFiles(storage)).toHaveLength(2);
    expect(await service.ask(EMPLOYEES)).toMatchObject({ employees: { nodes: [{ employeeId: 'EMP-2' }] } });
    // What is left goes, too, once that is asked for.
    const rest = await erase(service, `erased-${rowId}`, false);
    await erased(service, rest.id);
    expect(await punchCount(service)).toBe(1);
  });

  it('frees the employeeId, whose new owner keeps their photo', async () => {
    await start();
    await populate();
    const { id } = await erase(service, 'EMP-1', true);
    await until(
      () => service.send(REGISTER, { input: { name: 'Grace anew', employeeId: 'EMP-1', ...hopper } }),
      ({ errors }) => {
        if (errors !== undefined) expect(errors[0]?.extensions.code).toBe('CONFLICT');
        return errors === undefined;
      },
    );
    await erased(service, id);
    await service.app.settle();
    expect(mediaFiles(storage)).toContain('face_images/EMP-1.jpg');
    expect((await check(service)).attendance?.employee.name).toBe('Grace anew');
  });

  it('is one erasure however often it is asked for, and the wish that removes more holds', async () => {
    await start();
    await populate();
    cdn.failWith('unavailable');
    const first = await erase(service, 'EMP-1', true);
    await until(
      () => erasureOf(service, first.id),
      ({ remaining }) => remaining.photos === 0,
    );
    const pseudonym = `erased-${first.subjectId}`;
    const again = await until(
      () =>
        service.send<{ eraseEmployee: { id: string; keepAttendance: boolean } }>(ERASE, {
          input: { employeeId: pseudonym, keepAttendance: false },
        }),
      ({ data }) => data != null,
    );
    expect(again.data?.eraseEmployee).toMatchObject({ id: first.id, keepAttendance: false });
    cdn.failWith(null);
    await erased(service, first.id);
    expect(await punchCount(service)).toBe(1);
    const { erasures } = await service.ask<{ erasures: { totalCount: number; nodes: { id: string }[] } }>(
      '{ erasures { totalCount nodes { id } } }',
    );
    expect(erasures).toEqual({ totalCount: 1, nodes: [{ id: first.id }] });
  });

  it('waits for a dead Cloudinary, says so, and completes once it is back', async () => {
    await start();
    await populate();
    cdn.failWith('unavailable');
    const { id } = await erase(service, 'EMP-1', false);
    const waiting = await until(
      () => erasureOf(service, id),
      ({ remaining, lastError }) => remaining.photos === 0 && lastError !== null,
    );
    expect(waiting).toMatchObject({
      status: 'RUNNING',
      completedAt: null,
      remaining: { photos: 0, assets: 5 },
    });
    expect(waiting.lastError).toContain('Cloudinary');
    expect(mediaFiles(storage)).toHaveLength(2);
    cdn.failWith(null);
    await erased(service, id);
    expect(cdn.assets.size).toBe(2);
  });

  it('is not complete while there are no credentials for what is on the CDN', async () => {
    await start();
    await populate();
    await service.app.close();
    await start({});
    const { id } = await erase(service, 'EMP-1', false);
    const waiting = await until(
      () => erasureOf(service, id),
      // The removal of the photos may say so before the erasure itself is taken up.
      ({ status, lastError }) => status !== 'REQUESTED' && lastError !== null,
    );
    expect(waiting).toMatchObject({
      status: 'RUNNING',
      lastError:
        'Credentials for the Cloudinary account stand-in are missing (CLOUDINARY_URL or CLOUDINARY_FORMER_URLS)',
    });
    await service.app.close();
    await inDatabase(storage, (dataSource) =>
      dataSource.query(`UPDATE discarded_images SET next_at = now() WHERE next_at <> 'infinity'`),
    );
    await start();
    await erased(service, id);
    expect(cdn.assets.size).toBe(2);
  });

  it('takes a destruction whose answer was lost, and asks again until the CDN knows nothing', async () => {
    await start();
    await populate();
    cdn.failWith('stored-but-lost', 3);
    const { id } = await erase(service, 'EMP-1', false);
    await erased(service, id);
    expect(cdn.assets.size).toBe(2);
  });

  it('is not undone by an upload that was under way', async () => {
    await start(cloudinaryEnv(cdn));
    await register(service);
    // The upload succeeds, and the service never hears of it: it is pending for the service, there for the CDN.
    cdn.failWith('stored-but-lost');
    await check(service, { employeeId: 'EMP-1' });
    expect([...cdn.assets.keys()].filter((key) => key.includes('attendance'))).toHaveLength(1);
    const { id } = await erase(service, 'EMP-1', false);
    const waiting = await until(
      () => erasureOf(service, id),
      ({ remaining }) => remaining.photos === 0,
    );
    cdn.failWith(null);
    // The copy may still be on its way: it is destroyed only after the lease of the upload, and until then it counts.
    expect(waiting.status).toBe('RUNNING');
    expect(waiting.remaining.assets).toBeGreaterThan(0);
    await service.app.close();
    await inDatabase(storage, (dataSource) =>
      dataSource.query(
        `UPDATE discarded_images SET next_at = now(), cdn_after = now() WHERE NOT cdn_removed`,
      ),
    );
    await start();
    await erased(service, id);
    expect([...cdn.assets.keys()]).toEqual([]);
    expect(mediaFiles(storage)).toEqual([]);
  });

  it('is for somebody who is there, and its pseudonyms are reserved', async () => {
    await start({});
    const input = { name: 'Grace', employeeId: 'Erased-1', ...hopper };
    const reserved = await service.fault(REGISTER, { input });
    expect(reserved.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'employeeId' });
    for (const employeeId of ['NOBODY', 'erased-1']) {
      const fault = await service.fault(ERASE, { input: { employeeId, keepAttendance: true } });
      expect(fault.extensions).toMatchObject({ code: 'NOT_FOUND', field: 'employeeId' });
    }
    expect(await service.ask('{ erasure(id: "nonsense") { id } }')).toEqual({ erasure: null });
    expect((await service.fault('{ erasures(after: "x") { totalCount } }')).extensions.code).toBe(
      'BAD_USER_INPUT',
    );
    expect(await service.ask(PUNCHES)).toBeDefined();
  });
});
