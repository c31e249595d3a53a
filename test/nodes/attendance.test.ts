/**
 * Real: two services over HTTP on one PostgreSQL (TEST_DATABASE_URL), the disk, Cloudinary's SDK. Fake: Cloudinary, a
 * stand-in on loopback; a network that is cut, by a TCP proxy.
 *
 * The nodes share one DATA_DIR, as several nodes have to (a shared volume): each of them serves /media and uploads
 * what any of them stored, and racing registrations then race for one file name, too.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { ChildService } from '../support/child-service';
import { CloudinaryStandIn } from '../support/cloudinary-stand-in';
import { createStorage, describeOnServer, type TestStorage } from '../support/databases';
import {
  check,
  CHECK,
  type CheckAnswer,
  collins,
  hopper,
  punchCount,
  REGISTER,
  register,
  type RegisterAnswer,
} from '../support/operations';
import { base64Photo, photo, strangerDescriptor } from '../support/photos';
import { TcpProxy } from '../support/proxy';
import { type GraphQLAnswer, TestService } from '../support/service';
import { cloudinaryEnv, FAST_UPLOADS, storageStatus, uploaded } from '../support/uploads';
import { until } from '../support/until';

describeOnServer('two nodes on one PostgreSQL', () => {
  let storage: TestStorage;
  let standIn: CloudinaryStandIn;
  let nodes: TestService[] = [];
  let admin: Client;

  const startNode = async (
    env: Readonly<Record<string, string>> = {},
    place: TestStorage = storage,
  ): Promise<TestService> => {
    const node = await TestService.start({
      storage: place,
      env: { PUNCH_MIN_INTERVAL_SECONDS: '0', ...cloudinaryEnv(standIn), ...env },
      uploadTiming: FAST_UPLOADS,
    });
    nodes.push(node);
    return node;
  };
  const startTwo = async (
    env: Readonly<Record<string, string>> = {},
  ): Promise<[TestService, TestService]> => [await startNode(env), await startNode(env)];
  /** Runs something `times` times at once, on the nodes in turn. */
  const race = <T>(times: number, run: (node: TestService, n: number) => Promise<T>): Promise<T[]> =>
    Promise.all(Array.from({ length: times }, (_, n) => run(nodes[n % nodes.length] as TestService, n)));
  /** Breaks the services' connections to the database. @returns how many */
  const terminate = async (condition = 'true'): Promise<number> => {
    const { rowCount } = await admin.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid() AND ${condition}`,
    );
    return rowCount ?? 0;
  };
  const filesBelow = (folder: string): string[] =>
    readdirSync(join(storage.dataDir, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(jpg|part)$/.test(name))
      .sort();

  beforeEach(async () => {
    standIn = await CloudinaryStandIn.start();
    storage = await createStorage();
    admin = new Client({ connectionString: storage.databaseUrl as string });
    await admin.connect();
  });
  afterEach(async () => {
    await Promise.all(nodes.map((node) => node.stop()));
    nodes = [];
    await admin.end();
    await standIn.stop();
    await storage.remove();
  });

  it('migrate an empty database at the same time, and both work', async () => {
    await admin.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
    await Promise.all([startNode(), startNode(), startNode()]);
    const { rows } = await admin.query<{ name: string }>('SELECT name FROM migrations');
    expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length);
    expect(rows.length).toBeGreaterThan(0);
    for (const [n, node] of nodes.entries()) {
      await register(node, { employeeId: `EMP-${n}`, faceDescriptor: strangerDescriptor(n) });
    }
  });

  it('recognise on one who was registered on the other, at once', async () => {
    const [one, two] = await startTwo();
    await register(one);
    expect(await check(two)).toMatchObject({
      status: 'RECORDED',
      attendance: { employee: { employeeId: 'EMP-1' } },
    });
    await register(two, { employeeId: 'EMP-2', name: 'Eileen Collins', ...collins });
    expect(await check(one, collins)).toMatchObject({
      status: 'RECORDED',
      attendance: { employee: { employeeId: 'EMP-2' } },
    });
    // No identification may miss the newest person, however often it is tried.
    for (let n = 0; n < 20; n += 1) {
      const faceDescriptor = strangerDescriptor(n);
      const [from, to] = n % 2 === 0 ? [one, two] : [two, one];
      await register(from, { employeeId: `NEW-${n}`, faceDescriptor });
      expect(await check(to, { faceDescriptor })).toMatchObject({
        status: 'RECORDED',
        attendance: { employee: { employeeId: `NEW-${n}` } },
      });
    }
  });

  it('recognise at once also after the listening connections were cut', async () => {
    const [one, two] = await startTwo();
    // LISTEN and the heartbeat are the last statements of those connections, and of no other ones.
    const listening = `(query ILIKE 'listen %' OR query = 'select 1')`;
    const listeners = async (): Promise<number> => {
      const { rows } = await admin.query<{ count: number }>(
        `SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database() AND ${listening}`,
      );
      return rows[0]?.count ?? 0;
    };
    for (let n = 0; n < 3; n += 1) {
      await until(listeners, (count) => count === 2);
      expect(await terminate(listening)).toBe(2);
      const faceDescriptor = strangerDescriptor(n);
      await register(one, { employeeId: `NEW-${n}`, faceDescriptor });
      expect(await check(two, { faceDescriptor })).toMatchObject({
        status: 'RECORDED',
        attendance: { employee: { employeeId: `NEW-${n}` } },
      });
    }
  });

  it('let one of ten racing registrations of an employeeId win, and leave nothing of the losers', async () => {
    await startTwo();
    const photos = [
      'grace-hopper.jpg',
      'grace-hopper-2.jpg',
      'eileen-collins.jpg',
      'eileen-collins-2.jpg',
      'sample.jpg',
    ];
    const answers = await race(10, (node, n) =>
      node.send<{ registerEmployee: RegisterAnswer }>(REGISTER, {
        input: {
          name: `Racer ${n}`,
          employeeId: n % 3 === 0 ? 'emp-1' : 'EMP-1',
          imageBase64: base64Photo(photos[n % photos.length] as string),
          faceDescriptor: strangerDescriptor(n),
        },
      }),
    );
    const winners = answers.flatMap(({ data }, n) => (data == null ? [] : [{ n, ...data.registerEmployee }]));
    const codes = answers.flatMap(({ errors }) => (errors ?? []).map(({ extensions }) => extensions.code));
    expect(winners).toHaveLength(1);
    expect(codes).toEqual(Array(9).fill('CONFLICT'));

    const [winner] = winners as [(typeof winners)[number]];
    const { employee, n } = winner;
    expect(employee.name).toBe(`Racer ${n}`);
    expect(filesBelow('media')).toEqual([`face_images/${employee.employeeId}.jpg`]);
    expect(filesBelow('incoming')).toEqual([]);
    const sent = photo(photos[n % photos.length] as string);
    expect(readFileSync(join(storage.dataDir, 'media/face_images', `${employee.employeeId}.jpg`))).toEqual(
      sent,
    );
    expect([...standIn.assets.values()]).toMatchObject([
      { publicId: `rollcall/face_images/${employee.id}`, bytes: sent, uploads: 1 },
    ]);
    const { rows } = await admin.query(
      `SELECT (SELECT count(*)::int FROM employees) AS employees, (SELECT count(*)::int FROM face_templates) AS templates,
         (SELECT count(*)::int FROM gallery_changes) AS changes`,
    );
    expect(rows).toEqual([{ employees: 1, templates: 1, changes: 1 }]);
    // Nobody is recognised by a loser's face.
    for (const node of nodes) {
      for (let other = 0; other < 10; other += 1) {
        const { status } = await check(node, { faceDescriptor: strangerDescriptor(other) });
        expect(status).toBe(other === n ? 'RECORDED' : 'FACE_NOT_RECOGNIZED');
      }
    }
  });

  it('give 20 racing punches of one employee one order, LOGIN and LOGOUT in turn', async () => {
    await startTwo();
    await register(nodes[0] as TestService);
    const answers = await race(20, (node) => check(node, { employeeId: 'EMP-1' }));
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill('RECORDED'));
    const { rows } = await admin.query<{ id: string; sequence: number; type: string; recorded_at: Date }>(
      'SELECT id, sequence, type, recorded_at FROM attendances ORDER BY recorded_at',
    );
    expect(rows.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
    expect(rows.map(({ type }) => type)).toEqual(
      Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? 'LOGIN' : 'LOGOUT')),
    );
    // Everybody was told what was written.
    expect(new Map(answers.map(({ attendance }) => [attendance?.id, attendance?.type]))).toEqual(
      new Map(rows.map(({ id, type }) => [id, type])),
    );
    expect(filesBelow('media/attendance_images')).toHaveLength(20);
  });

  it('record one of 20 racing punches within the minimum interval, and answer the others with it', async () => {
    await startTwo({ PUNCH_MIN_INTERVAL_SECONDS: '60' });
    await register(nodes[0] as TestService);
    const answers = await race(20, (node) => check(node, { employeeId: 'EMP-1' }));
    expect(answers.map(({ status }) => status).sort()).toEqual([
      ...Array<string>(19).fill('ALREADY_RECORDED'),
      'RECORDED',
    ]);
    expect(new Set(answers.map(({ attendance }) => attendance?.id)).size).toBe(1);
    expect(await punchCount(nodes[0] as TestService)).toBe(1);
    expect(filesBelow('media/attendance_images')).toHaveLength(1);
    expect(filesBelow('incoming')).toEqual([]);
  });

  it('answer racing checks of one requestId with one punch', async () => {
    await startTwo();
    await register(nodes[0] as TestService);
    for (const requestId of ['first', 'second', 'third']) {
      const answers = await race(10, (node) => check(node, { employeeId: 'EMP-1', requestId }));
      expect(answers.map(({ status }) => status).sort()).toEqual([
        ...Array<string>(9).fill('ALREADY_RECORDED'),
        'RECORDED',
      ]);
      expect(new Set(answers.map(({ attendance }) => attendance?.id)).size).toBe(1);
    }
    expect(await punchCount(nodes[1] as TestService)).toBe(3);
    expect(filesBelow('media/attendance_images')).toHaveLength(3);
  });

  it("answer CONFLICT when two employees' checks race for one requestId", async () => {
    await startTwo();
    await register(nodes[0] as TestService);
    await register(nodes[0] as TestService, { employeeId: 'EMP-2', name: 'Eileen Collins', ...collins });
    const answers = await race(10, (node, n) =>
      node.send<{ checkAttendance: CheckAnswer }>(CHECK, {
        input: {
          ...(n % 4 < 2 ? hopper : collins),
          employeeId: n % 4 < 2 ? 'EMP-1' : 'EMP-2',
          requestId: 'one',
        },
      }),
    );
    const ids = answers.flatMap(({ data }) =>
      data == null ? [] : [data.checkAttendance.attendance?.employee.employeeId],
    );
    expect(new Set(ids).size).toBe(1);
    expect(ids.length).toBeGreaterThan(0);
    expect(ids.length + answers.flatMap(({ errors }) => errors ?? []).length).toBe(10);
    for (const { errors } of answers)
      if (errors) expect(errors).toMatchObject([{ extensions: { code: 'CONFLICT' } }]);
    expect(await punchCount(nodes[0] as TestService)).toBe(1);
    expect(filesBelow('media/attendance_images')).toHaveLength(1);
  });

  /** Punches on the nodes in turn while the CDN is down, until all of them are pending. */
  const punchWithoutCdn = async (times: number): Promise<void> => {
    standIn.failWith('unavailable');
    for (let n = 0; n < times; n += 1) {
      const { cloudinaryUrl } = await check(nodes[n % nodes.length] as TestService, {
        employeeId: 'EMP-1',
      });
      expect(cloudinaryUrl).toBeNull();
    }
    standIn.failWith(null);
  };

  it('share the pending uploads without doing one twice', async () => {
    await startTwo();
    await register(nodes[0] as TestService);
    await punchWithoutCdn(40);
    await Promise.all(nodes.map((node) => uploaded(node)));
    expect(await storageStatus(nodes[0] as TestService)).toMatchObject({
      pendingUploads: 0,
      failedUploads: 0,
    });
    expect(standIn.assets.size).toBe(41);
    for (const { publicId, uploads } of standIn.assets.values())
      expect({ publicId, uploads }).toEqual({ publicId, uploads: 1 });
  });

  /** Nothing but a success or UNAVAILABLE; above all no INTERNAL_SERVER_ERROR. */
  const outcomeOf = ({ data, errors }: GraphQLAnswer<{ checkAttendance: CheckAnswer }>): string =>
    errors?.[0]?.extensions.code ?? data?.checkAttendance.status ?? 'nothing';

  it('answer UNAVAILABLE at worst while every database connection is broken, and heal by themselves', async () => {
    await startTwo();
    await register(nodes[0] as TestService);
    const outcomes: string[] = [];
    let over = false;
    const client = async (node: TestService, name: string): Promise<void> => {
      for (let n = 0; !over; n += 1) {
        const input = { ...hopper, employeeId: 'EMP-1', requestId: `${name}-${n}` };
        outcomes.push(outcomeOf(await node.send(CHECK, { input })));
      }
    };
    const clients = nodes.flatMap((node, n) => [client(node, `${n}a`), client(node, `${n}b`)]);
    const recorded = (): number => outcomes.filter((outcome) => outcome === 'RECORDED').length;
    for (let n = 0; n < 10; n += 1) {
      // In the midst of the work: it has got over the last time, and goes on.
      const before = recorded();
      await until(recorded, (count) => count > before);
      await terminate();
    }
    over = true;
    await Promise.all(clients);
    expect(new Set(outcomes)).toEqual(new Set(['RECORDED', 'UNAVAILABLE']));
    for (const node of nodes) expect((await check(node, { employeeId: 'EMP-1' })).status).toBe('RECORDED');

    const { rows } = await admin.query<{ sequence: number; type: string }>(
      'SELECT sequence, type FROM attendances ORDER BY sequence',
    );
    expect(rows.map(({ sequence }) => sequence)).toEqual(rows.map((_, n) => n + 1));
    expect(rows.map(({ type }) => type)).toEqual(rows.map((_, n) => (n % 2 === 0 ? 'LOGIN' : 'LOGOUT')));
    // A punch that was answered is there; one that was not may be, too.
    expect(rows.length).toBeGreaterThanOrEqual(
      outcomes.filter((outcome) => outcome === 'RECORDED').length + 2,
    );
  });

  // As a process of its own: jest gives tests another Error than the one that Node's sockets throw.
  it('answer UNAVAILABLE and say so in /readyz while the database cannot be reached, and heal by themselves', async () => {
    const url = storage.databaseUrl as string;
    const proxy = await TcpProxy.before(url);
    const child = ChildService.spawn({
      storage: { ...storage, databaseUrl: proxy.through(url) },
      env: { PUNCH_MIN_INTERVAL_SECONDS: '0', ...cloudinaryEnv(standIn) },
    });
    try {
      const node = await child.listening;
      const other = await startNode();
      await register(node);
      const readiness = async (): Promise<number> => (await fetch(`${node.url}/readyz`)).status;
      expect(await readiness()).toBe(200);

      await proxy.close();
      const input = { ...hopper, employeeId: 'EMP-1' };
      for (let n = 0; n < 3; n += 1) {
        expect(outcomeOf(await node.send(CHECK, { input }))).toBe('UNAVAILABLE');
      }
      const fault = await node.fault(REGISTER, {
        input: { ...collins, name: 'Eileen', employeeId: 'EMP-2' },
      });
      expect(fault.extensions.code).toBe('UNAVAILABLE');
      expect(await readiness()).toBe(503);
      expect((await fetch(`${node.url}/healthz`)).status).toBe(200);
      // Meanwhile, where this node cannot hear of it:
      await register(other, { ...collins, name: 'Eileen', employeeId: 'EMP-3' });

      await proxy.open();
      expect(await check(node, { employeeId: 'EMP-1' })).toMatchObject({ status: 'RECORDED' });
      expect(await check(node, collins)).toMatchObject({
        attendance: { employee: { employeeId: 'EMP-3' } },
      });
      // The database is written to every five seconds at most.
      await until(readiness, (status) => status === 200);
      // The three checks that were not answered wrote nothing.
      expect(await punchCount(node)).toBe(2);
      expect(filesBelow('media/attendance_images')).toHaveLength(2);
      expect(await child.stop()).toBe(0);
    } finally {
      await child.kill();
      await proxy.close();
    }
  });
});
