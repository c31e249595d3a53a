/** Real: pg against ports that refuse or drop it. What PostgreSQL itself answers is in the other tests of this folder. */
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { Client, Pool } from 'pg';
import { DataSource, QueryFailedError } from 'typeorm';
import {
  foreignKeyViolation,
  isDatabaseUnavailable,
  refusedByServer,
  uniqueViolation,
} from '../../src/database/errors';

const coded = (code: string, constraint?: string): Error =>
  Object.assign(new Error('from the server'), { code, constraint });
const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'no error',
    (error: unknown) => error,
  );

async function server(onConnection: 'drop' | 'ignore'): Promise<{ port: number; close: () => void }> {
  const listening = createServer((socket) => {
    socket.on('error', () => undefined);
    if (onConnection === 'drop') socket.destroy();
  });
  listening.unref().listen(0, '127.0.0.1');
  await once(listening, 'listening');
  return { port: (listening.address() as AddressInfo).port, close: () => listening.close() };
}

describe('isDatabaseUnavailable', () => {
  it('recognises a server that is not there, under one name or several addresses', async () => {
    const { port, close } = await server('drop');
    close();
    expect(isDatabaseUnavailable(await failure(new Client({ host: '127.0.0.1', port }).connect()))).toBe(
      true,
    );
    expect(isDatabaseUnavailable(await failure(new Client({ host: 'localhost', port }).connect()))).toBe(
      true,
    );
  });

  it('recognises a server that drops the connection, and one that never answers', async () => {
    const dropping = await server('drop');
    expect(
      isDatabaseUnavailable(await failure(new Client({ host: '127.0.0.1', port: dropping.port }).connect())),
    ).toBe(true);
    dropping.close();
    const silent = await server('ignore');
    const pool = new Pool({ host: '127.0.0.1', port: silent.port, connectionTimeoutMillis: 50 });
    expect(isDatabaseUnavailable(await failure(pool.query('select 1')))).toBe(true);
    silent.close();
  });

  it('recognises TypeORM before it is connected', async () => {
    const source = new DataSource({ type: 'postgres' });
    expect(isDatabaseUnavailable(await failure(source.query('select 1')))).toBe(true);
  });

  it.each([
    '57P01',
    '57P02',
    '57P03',
    '08006',
    '08P01',
    '53300',
    '53100',
    '58030',
    '25006',
    '3D000',
    '55000',
    '55P03',
    '40001',
    '40P01',
    '57014',
    'ECONNRESET',
    'EPIPE',
    'ETIMEDOUT',
  ])('recognises %s, bare and wrapped', (code) => {
    expect(isDatabaseUnavailable(coded(code))).toBe(true);
    expect(isDatabaseUnavailable(new QueryFailedError('select 1', [], coded(code)))).toBe(true);
    expect(
      isDatabaseUnavailable(new Error('outer', { cause: new QueryFailedError('select 1', [], coded(code)) })),
    ).toBe(true);
  });

  it.each([
    coded('23505'),
    coded('42P01'),
    coded('22P02'),
    new Error('anything'),
    'Connection terminated',
    null,
    undefined,
  ])('does not take %p for one', (error) => expect(isDatabaseUnavailable(error)).toBe(false));

  it('survives an error that is its own cause', () => {
    const error = new Error('round');
    error.cause = error;
    expect(isDatabaseUnavailable(error)).toBe(false);
  });
});

describe('constraint violations', () => {
  const wrapped = (code: string) => new QueryFailedError('insert', [], coded(code, 'the_constraint'));

  it('give the name of the constraint', () => {
    expect(uniqueViolation(wrapped('23505'))).toBe('the_constraint');
    expect(foreignKeyViolation(wrapped('23503'))).toBe('the_constraint');
  });

  it('are not confused with one another or with anything else', () => {
    expect(uniqueViolation(wrapped('23503'))).toBeNull();
    expect(foreignKeyViolation(wrapped('23505'))).toBeNull();
    expect(uniqueViolation(new Error('23505'))).toBeNull();
    expect(uniqueViolation(null)).toBeNull();
  });
});

describe('refusedByServer', () => {
  it.each([
    ['a violated constraint', '23505', true],
    ['a server that only reads', '25006', true],
    ['a deadlock', '40P01', true],
    ['a shutdown', '57P01', false],
    ['a lost connection', '08006', false],
    ['a deadline', '57014', false],
    ['a firewall', 'EPERM', false],
    ['nothing', undefined, false],
  ])('tells whether nothing was done after %s', (_, code, expected) => {
    expect(refusedByServer(Object.assign(new Error('x'), { code }))).toBe(expected);
  });
});
