/** Real: PostgreSQL (TEST_DATABASE_URL), and a TCP proxy before it that can go silent. Without the URL: skipped. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { Client } from 'pg';
import { postgresOptions } from '../../src/database/connection';
import { type ListenerOptions, NotificationListener } from '../../src/database/listener';
import { describeOnServer, SERVER_URL } from '../support/databases';
import { until } from '../support/until';

const url = process.env[SERVER_URL] ?? '';

describeOnServer('NotificationListener', () => {
  const server = postgresOptions(url === '' ? 'postgres://unused' : url);
  /** Of this run alone, with characters that have to be quoted. */
  const channel = `Roll "call" ${randomUUID()}`;
  const name = `listener ${randomUUID()}`;
  let admin: Client;
  let listener: NotificationListener | undefined;
  let heard: string[];
  let connections: number;
  let warnings: string[];

  beforeAll(async () => {
    admin = new Client(server);
    await admin.connect();
  });
  afterAll(() => admin.end());
  afterEach(() => listener?.stop());

  const start = (overrides: Partial<ListenerOptions> = {}): void => {
    [heard, connections, warnings] = [[], 0, []];
    listener = new NotificationListener({
      connection: { ...server, application_name: name },
      channels: [channel, 'another'],
      onNotify: (from, payload) => void heard.push(`${from === channel ? '' : from}${payload}`),
      onConnected: () => void (connections += 1),
      log: { warn: (_details, message) => void warnings.push(message) },
      ...overrides,
    });
    listener.start();
  };
  const notify = (payload: string) => admin.query('select pg_notify($1, $2)', [channel, payload]);
  const kill = () =>
    admin.query('select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1', [name]);

  it('hears what is notified on its channels, and nothing after it was stopped', async () => {
    start();
    await until(() => connections >= 1);
    await notify('one');
    await admin.query(`notify another, 'two'`);
    await until(() => heard.length === 2);
    expect(heard).toEqual(['one', 'anothertwo']);
    await listener?.stop();
    await notify('three');
    expect(heard).toHaveLength(2);
    const { rows } = await admin.query('select from pg_stat_activity where application_name = $1', [name]);
    expect(rows).toEqual([]);
  });

  it('is back at once when its connection is terminated, without a heartbeat, and says so', async () => {
    start({ heartbeatMs: 3_600_000 });
    await until(() => connections >= 1);
    const began = performance.now();
    await kill();
    await until(() => connections >= 2);
    // The first try comes after 0.1 s, the later ones after up to 5 s.
    expect(performance.now() - began).toBeLessThan(5000);
    await notify('after');
    await until(() => heard.includes('after'));
    expect(warnings).toEqual(['Notification connection lost; reconnecting']);
  });

  it('keeps trying while there is no server, and stops on request', async () => {
    const { port, close } = await proxy();
    close();
    start({ connection: { ...server, host: '127.0.0.1', port } });
    await until(() => warnings.length >= 2);
    await listener?.stop();
    expect(connections).toBe(0);
    const tried = warnings.length;
    // A try that came after all would be seen in nothing but its warning; the third comes 0.2 s after the second.
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(warnings).toHaveLength(tried);
  });

  it('notices a connection that died without a word', async () => {
    const { port, silence, close } = await proxy();
    start({ connection: { ...server, host: '127.0.0.1', port }, heartbeatMs: 100, deadlineMs: 300 });
    await until(() => connections >= 1);
    silence();
    await until(() => connections >= 2);
    await notify('alive');
    await until(() => heard.includes('alive'));
    await listener?.stop();
    close();
  });

  it('connects again when its owner could not catch up', async () => {
    let calls = 0;
    start({
      onConnected: () => {
        calls += 1;
        return calls === 1 ? Promise.reject(new Error('not yet')) : Promise.resolve();
      },
    });
    await until(() => calls === 2);
  });

  it('goes on when its owner or the log throws', async () => {
    start({
      onNotify: (_channel, payload) => {
        heard.push(payload);
        throw new Error('owner');
      },
      log: {
        warn: () => {
          throw new Error('log');
        },
      },
    });
    await until(() => connections >= 1);
    await notify('one');
    await notify('two');
    await until(() => heard.length === 2);
    expect(connections).toBe(1);
  });

  /** Passes everything on to the server, until it swallows what its connections of that moment say. */
  async function proxy(): Promise<{ port: number; silence: () => void; close: () => void }> {
    const pairs = new Set<[Socket, Socket]>();
    const listening = createServer((near) => {
      const far = server.host?.startsWith('/')
        ? connect(`${server.host}/.s.PGSQL.${server.port ?? 5432}`)
        : connect(server.port ?? 5432, server.host ?? 'localhost');
      for (const socket of [near, far]) socket.on('error', () => undefined);
      near.pipe(far).pipe(near);
      pairs.add([near, far]);
    });
    listening.listen(0, '127.0.0.1');
    await once(listening, 'listening');
    return {
      port: (listening.address() as AddressInfo).port,
      silence: () => {
        for (const [near, far] of pairs) {
          near.unpipe(far);
          far.unpipe(near);
          near.resume();
          far.resume();
        }
      },
      close: () => {
        listening.close();
        for (const socket of [...pairs].flat()) socket.destroy();
      },
    };
  }
});
