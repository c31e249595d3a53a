/** Real: pg-connection-string, a CA file, and PostgreSQL where TEST_DATABASE_URL names one. Fake: nothing. */
import { writeFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { postgresOptions } from '../../src/database/connection';
import { describeOnServer, SERVER_URL } from '../support/databases';
import { temporaryFolder } from '../support/pglite';

const folder = temporaryFolder();
const ca = join(folder, 'ca.pem');
writeFileSync(ca, 'the CA');
afterAll(() => rmSync(folder, { recursive: true }));

const BASE = 'postgres://ada:s%40crit%2F%23@db.example.org:6543/rollcall';
const ssl = (query: string) => postgresOptions(`${BASE}?${query}`).ssl;
const strangersCertificate = { subject: { CN: 'elsewhere' } } as unknown as PeerCertificate;

/** What a TLS connection with these options would accept. */
function trust(query: string): { anyCa: boolean; anyName: boolean; ca: unknown } {
  const options = ssl(query);
  if (typeof options !== 'object') throw new Error(`not encrypted with options: ${String(options)}`);
  const check = options.checkServerIdentity ?? checkServerIdentity;
  return {
    anyCa: options.rejectUnauthorized === false,
    anyName:
      options.rejectUnauthorized === false || check('db.example.org', strangersCertificate) === undefined,
    ca: options.ca,
  };
}

it('postgresOptions takes the URL apart for pg and for TypeORM, decoding the password', () => {
  expect(postgresOptions(BASE)).toEqual({
    host: 'db.example.org',
    port: 6543,
    user: 'ada',
    username: 'ada',
    password: 's@crit/#',
    database: 'rollcall',
    ssl: false,
    extra: {},
  });
});

it('postgresOptions takes postgresql:// too, and leaves what is not said to the defaults', () => {
  expect(postgresOptions('postgresql://localhost/db')).toEqual({
    host: 'localhost',
    database: 'db',
    ssl: false,
    extra: {},
  });
});

it.each(['postgres:///db?host=/var/run/postgresql', 'postgres://%2Fvar%2Frun%2Fpostgresql/db'])(
  'a connection is made by socket file, never encrypted: %s',
  (url) => {
    const { host, database, ssl } = postgresOptions(`${url}${url.includes('?') ? '&' : '?'}sslmode=require`);
    expect({ host, database, ssl }).toEqual({ host: '/var/run/postgresql', database: 'db', ssl: false });
  },
);

it.each([['sslmode=disable'], ['sslmode=allow'], ['']])(
  'a connection is not encrypted with "%s"',
  (query) => {
    expect(ssl(query)).toBe(false);
  },
);

it.each(['sslmode=prefer', 'sslmode=require', 'sslmode=no-verify'])(
  'a connection takes any certificate with %s',
  (query) => {
    expect(trust(query)).toMatchObject({ anyCa: true, anyName: true });
  },
);

it('a connection checks the CA but no name with require and a CA, and with verify-ca', () => {
  for (const mode of ['require', 'verify-ca']) {
    expect(trust(`sslmode=${mode}&sslrootcert=${ca}`)).toEqual({ anyCa: false, anyName: true, ca: 'the CA' });
  }
});

it('a connection checks CA and name with verify-full, with a CA of its own or the known ones', () => {
  expect(trust(`sslmode=verify-full&sslrootcert=${ca}`)).toEqual({
    anyCa: false,
    anyName: false,
    ca: 'the CA',
  });
  for (const query of [
    'sslmode=verify-full',
    'sslmode=verify-full&sslrootcert=system',
    'sslrootcert=system',
  ]) {
    expect(trust(query)).toEqual({ anyCa: false, anyName: false, ca: undefined });
  }
});

it('postgresOptions passes on what platforms add, and ignores what other drivers invented', () => {
  const url = `${BASE}?application_name=kiosk&options=-c%20lock_timeout%3D5s&channel_binding=require&pgbouncer=true`;
  const settings = { application_name: 'kiosk', options: '-c lock_timeout=5s', enableChannelBinding: true };
  expect(postgresOptions(url)).toMatchObject({ ...settings, extra: settings });
  expect(postgresOptions(url)).not.toHaveProperty('pgbouncer');
});

describe('a URL that cannot be used', () => {
  it.each([
    ['localhost:5432/rollcall', /must look like postgres:\/\//],
    ['mysql://ada:secret@localhost/db', /must look like postgres:\/\//],
    ['', /must look like postgres:\/\//],
    ['postgres://ada:sec#ret@localhost/db', /Percent-encode/],
    ['postgres://ada:secret@localhost:notaport/db', /Percent-encode/],
    [
      'postgres://ada:secret@localhost/db?sslmode=verify',
      /unknown sslmode .*; must be one of disable, allow/,
    ],
    ['postgres://ada:secret@localhost/db?sslmode=verify-ca', /requires sslrootcert/],
    [
      'postgres://ada:secret@localhost/db?sslmode=require&sslrootcert=/nowhere.pem',
      /could not read \/nowhere.pem \(ENOENT\)/,
    ],
  ])('%s is refused with a reason that does not quote the password', (url, reason) => {
    let error: Error | undefined;
    try {
      postgresOptions(url);
    } catch (thrown) {
      error = thrown as Error;
    }
    expect(error?.message).toMatch(reason);
    expect(JSON.stringify([error, error?.message, error?.stack?.split('\n')[0], error?.cause])).not.toMatch(
      /sec(#)?ret/,
    );
  });
});

const url = process.env[SERVER_URL] ?? '';
describeOnServer('a connection to PostgreSQL', () => {
  it('serves both pg and TypeORM', async () => {
    const options = postgresOptions(`${url}?application_name=rollcall-test`);
    const client = new Client(options);
    await client.connect();
    const shown = await client.query('show application_name');
    await client.end();
    expect(shown.rows).toEqual([{ application_name: 'rollcall-test' }]);

    const source = await new DataSource({
      type: 'postgres',
      ...options,
      installExtensions: false,
    }).initialize();
    const again: unknown = await source.query('show application_name');
    await source.destroy();
    expect(again).toEqual([{ application_name: 'rollcall-test' }]);
  });
});
