/** Real: the configuration as the service reads it. Fake: the environment, which is a plain object. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { ConfigError, loadConfig } from '../../src/config/config';

type Environment = Readonly<Record<string, string>>;

function faultsOf(environment: Environment): readonly string[] {
  try {
    loadConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  throw new Error('The configuration was taken');
}

const KEY = 'a-key-of-32-characters-0123456789';
const cloudinary = {
  CLOUDINARY_CLOUD_NAME: 'school',
  CLOUDINARY_API_KEY: '123456789012345',
  CLOUDINARY_API_SECRET: 'secret-of-cloudinary',
};

it('the configuration needs nothing: the embedded database, local photos, open on loopback', () => {
  const config = loadConfig({});
  expect(config).toMatchObject({
    production: false,
    http: { port: 4000, host: '127.0.0.1', publicUrl: null },
    database: { url: null },
    photos: { cloudinary: null, maxBytes: 26_214_400 },
    access: { adminApiKey: null },
    faces: {
      descriptorTrust: null,
      modelDir: null,
      warmStart: false,
      thresholds: { client: { match: 0.95, samePerson: 0.9, margin: 0.02 }, server: { match: undefined } },
    },
    checks: { minIntervalSeconds: 60, required: { challenge: false }, replayWindowDays: 0 },
    logLevel: 'info',
  });
  expect(isAbsolute(config.dataDir)).toBe(true);
  expect(Object.isFrozen(config)).toBe(true);
});

it('the configuration takes an empty variable for one that is not set', () => {
  const names = ['PORT', 'HOST', 'DATABASE_URL', 'ADMIN_API_KEY', 'LOG_LEVEL', ...Object.keys(cloudinary)];
  const empty = Object.fromEntries(names.map((name) => [name, ' ']));
  expect(loadConfig(empty)).toEqual(loadConfig({}));
});

it('the configuration lists every fault at once, whether within a variable or between several', () => {
  const faults = faultsOf({
    PORT: '70000',
    LOG_LEVEL: 'loud',
    FACE_MATCH_THRESHOLD: '95',
    PUBLIC_URL: 'ftp://x',
    DATABASE_URL: 'mysql://x',
    CLOUDINARY_CLOUD_NAME: 'school',
    HOST: '0.0.0.0',
  });
  for (const name of ['PORT', 'LOG_LEVEL', 'FACE_MATCH_THRESHOLD', 'PUBLIC_URL', 'DATABASE_URL']) {
    expect(faults).toContainEqual(expect.stringMatching(new RegExp(`^${name}: `)));
  }
  expect(faults).toContainEqual(
    expect.stringContaining('CLOUDINARY_API_KEY, CLOUDINARY_API_SECRET: missing'),
  );
  expect(faults).toContainEqual(expect.stringMatching(/^ADMIN_API_KEY: required/));
  expect(new ConfigError(faults).message.split('\n')).toHaveLength(faults.length + 1);
});

it.each([
  ['PORT', '0', '65535', '-1', '65536'],
  ['DATABASE_POOL_SIZE', '1', '200', '0', '201'],
  ['DATABASE_QUERY_TIMEOUT_MS', '100', '600000', '99', '600001'],
  ['CLOUDINARY_TIMEOUT_MS', '100', '120000', '99', '120001'],
  ['FACE_MATCH_THRESHOLD', '0', '1', '-0.01', '1.01'],
  ['FACE_IDENTIFY_MARGIN', '0', '1', '-0.01', '1.01'],
  ['PUNCH_MIN_INTERVAL_SECONDS', '0', '86400', '-1', '86401'],
  ['REPLAY_WINDOW_DAYS', '0', '3650', '-1', '3651'],
  ['MAX_IMAGE_BYTES', '1024', '104857600', '1023', '104857601'],
  ['MAX_IMAGE_PIXELS', '1', '268402689', '0', '268402690'],
  ['UPLOADER_CONCURRENCY', '1', '32', '0', '33'],
  ['LOCKOUT_EMPLOYEE_FAILURES', '0', '1000', '-1', '1001'],
  ['LOCKOUT_KEY_FAILURES', '0', '100000', '-1', '100001'],
  ['LOCKOUT_WINDOW_SECONDS', '0', '86400', '-1', '86401'],
  ['RATE_LIMIT_PER_KEY', '0', '10000000', '-1', '10000001'],
  ['RATE_LIMIT_PER_ADDRESS', '0', '10000000', '-1', '10000001'],
  ['OPERATION_TIMEOUT_MS', '0', '600000', '-1', '600001'],
])('%s is from %s to %s', (name, least, most, below, above) => {
  expect(() => loadConfig({ [name]: least })).not.toThrow();
  expect(() => loadConfig({ [name]: most })).not.toThrow();
  for (const value of [below, above]) {
    expect(faultsOf({ [name]: value })).toEqual([`${name}: must be ${least} to ${most}`]);
  }
  for (const value of ['many', 'NaN', '1e999', '0x']) {
    expect(faultsOf({ [name]: value })).toEqual([expect.stringMatching(new RegExp(`^${name}: must be`))]);
  }
});

it.each([
  ['PORT', '80.5'],
  ['MAX_IMAGE_BYTES', '2048.5'],
  ['LOG_LEVEL', 'INFO'],
  ['CLOUDINARY_FOLDER', '../up'],
  ['CLOUDINARY_FOLDER', '/root'],
  ['CLOUDINARY_FOLDER', 'a//b'],
  ['FACE_DESCRIPTOR_TRUST', 'nobody'],
  ['PUBLIC_URL', 'attendance.test'],
  ['PUBLIC_URL', 'javascript:alert(1)'],
  ['PUBLIC_URL', 'https://attendance.test/graphql'],
  ['PUBLIC_URL', 'https://attendance.test/?a=b'],
  ['CLOUDINARY_UPLOAD_PREFIX', 'api.cloudinary.com'],
  ['DATABASE_URL', 'localhost:5432'],
  ['PGSSLMODE', 'maybe'],
  ['REQUIRE_CHALLENGE', 'maybe'],
  ['REQUIRE_CHALLENGE', '2'],
  ['REPLAY_WINDOW_DAYS', '0.5'],
  ['EXPOSE_SIMILARITY', 'sometimes'],
  ['GRAPHQL_INTROSPECTION', 'maybe'],
  ['CORS_ORIGINS', 'people.example.com'],
  ['CORS_ORIGINS', 'https://people.example.com/'],
  ['CORS_ORIGINS', '*'],
  ['TRUST_PROXY', 'true'],
  ['TRUST_PROXY', '11'],
  ['TRUST_PROXY', '-1'],
  ['TRUST_PROXY', '10.0.0.0/33'],
  ['TRUST_PROXY', '10.0.0.0/8, proxy.example'],
])('%s cannot be %s', (name, value) => {
  expect(faultsOf({ [name]: value })).toEqual([expect.stringMatching(new RegExp(`^${name}: must be `))]);
});

it.each([
  [true, ['true', 'TRUE', '1', 'yes']],
  [false, ['false', 'False', '0', 'no', '', ' ']],
])('a flag is %s by %j', (value, spellings) => {
  for (const REQUIRE_CHALLENGE of spellings) {
    expect(loadConfig({ REQUIRE_CHALLENGE }).checks.required.challenge).toBe(value);
  }
});

it('the configuration takes the slash off the end of addresses', () => {
  expect(loadConfig({ PUBLIC_URL: 'https://attendance.test/a/' }).http.publicUrl).toBe(
    'https://attendance.test/a',
  );
});

describe('the configuration of Cloudinary', () => {
  it('is on with all three of its variables', () => {
    expect(loadConfig(cloudinary).photos.cloudinary).toEqual({
      delivery: 'upload',
      cloudName: 'school',
      apiKey: '123456789012345',
      apiSecret: 'secret-of-cloudinary',
      timeoutMs: 3000,
      folder: 'rollcall',
    });
  });

  it.each(Object.keys(cloudinary))('is a fault without %s', (missing) => {
    const some = Object.fromEntries(Object.entries(cloudinary).filter(([name]) => name !== missing));
    expect(faultsOf(some)).toEqual([
      `${missing}: missing; set all of CLOUDINARY_CLOUD_NAME, CLOUDINARY_API_KEY and CLOUDINARY_API_SECRET, or none`,
    ]);
  });

  it('is on with CLOUDINARY_URL, in which characters may be encoded', () => {
    const CLOUDINARY_URL = 'cloudinary://1234:a%26b%2Fc@school?upload_prefix=http://127.0.0.1:5000/';
    expect(loadConfig({ CLOUDINARY_URL }).photos.cloudinary).toMatchObject({
      cloudName: 'school',
      apiKey: '1234',
      apiSecret: 'a&b/c',
      uploadPrefix: 'http://127.0.0.1:5000',
    });
  });

  it('has the accounts of before in CLOUDINARY_FORMER_URLS and CLOUDINARY_CLOSED_CLOUDS', () => {
    expect(loadConfig({}).photos.formerClouds).toEqual({ accounts: [], closed: [] });
    const { formerClouds } = loadConfig({
      CLOUDINARY_FORMER_URLS:
        'cloudinary://1:a@first, cloudinary://2:b@second?upload_prefix=http://127.0.0.1:5000/',
      CLOUDINARY_CLOSED_CLOUDS: 'third,fourth',
      CLOUDINARY_TIMEOUT_MS: '700',
    }).photos;
    expect(formerClouds.accounts).toMatchObject([
      { cloudName: 'first', apiKey: '1', apiSecret: 'a', timeoutMs: 700 },
      { cloudName: 'second', uploadPrefix: 'http://127.0.0.1:5000' },
    ]);
    expect(formerClouds.closed).toEqual(['third', 'fourth']);
    expect(faultsOf({ CLOUDINARY_FORMER_URLS: 'https://hush@x', CLOUDINARY_CLOSED_CLOUDS: 'a/b' })).toEqual([
      'CLOUDINARY_FORMER_URLS: must be cloudinary://<api key>:<api secret>@<cloud name>',
      'CLOUDINARY_CLOSED_CLOUDS: must be cloud names (letters, digits, _ and -) separated by commas',
    ]);
  });

  it.each([
    { CLOUDINARY_URL: 'cloudinary://1:a@first' },
    { CLOUDINARY_FORMER_URLS: 'cloudinary://1:a@first' },
  ])('has no account that is closed and has credentials: %j', (env) => {
    expect(faultsOf({ ...env, CLOUDINARY_CLOSED_CLOUDS: 'first' })).toEqual([
      'CLOUDINARY_CLOSED_CLOUDS: first has credentials, so it is not closed; remove one of the two',
    ]);
  });

  it('takes no name of an account with a slash', () => {
    expect(faultsOf({ ...cloudinary, CLOUDINARY_CLOUD_NAME: 'a/b' })).toEqual([
      'CLOUDINARY_CLOUD_NAME: must be letters, digits, _ and -',
    ]);
  });

  it('prefers the three variables to CLOUDINARY_URL', () => {
    const { cloudinary: made } = loadConfig({
      ...cloudinary,
      CLOUDINARY_URL: 'cloudinary://1:2@other',
    }).photos;
    expect(made?.cloudName).toBe('school');
  });

  it.each([
    'https://1234:secret-of-cloudinary@school',
    'cloudinary://school',
    'cloudinary://1234@school',
    'cloudinary://1234:secret-of-cloudinary@',
    'cloudinary://1234:secret-of-cloudinary%zz@school',
    'secret-of-cloudinary',
  ])('does not take %s for a CLOUDINARY_URL', (CLOUDINARY_URL) => {
    expect(faultsOf({ CLOUDINARY_URL })).toEqual([
      'CLOUDINARY_URL: must be cloudinary://<api key>:<api secret>@<cloud name>',
    ]);
  });
});

describe('a configuration without ADMIN_API_KEY', () => {
  it.each(['127.0.0.1', '::1', 'localhost'])('listens on %s', (HOST) => {
    expect(loadConfig({ HOST }).access.adminApiKey).toBeNull();
  });

  it.each(['0.0.0.0', '::', '192.168.1.5', '127.0.0.1.example.com', 'example.com'])(
    'refuses to listen on %s',
    (HOST) => {
      expect(faultsOf({ HOST })).toEqual([
        expect.stringContaining(`ADMIN_API_KEY: required with HOST=${HOST}`),
      ]);
      expect(loadConfig({ HOST, ADMIN_API_KEY: KEY }).access.adminApiKey).toBe(KEY);
    },
  );

  it('refuses production', () => {
    expect(faultsOf({ NODE_ENV: 'production' })).toEqual([
      expect.stringContaining('ADMIN_API_KEY: required with NODE_ENV=production'),
    ]);
    expect(loadConfig({ NODE_ENV: 'production', ADMIN_API_KEY: KEY }).production).toBe(true);
  });

  it('does not take a key that can be guessed', () => {
    expect(faultsOf({ ADMIN_API_KEY: 'short' })).toEqual(['ADMIN_API_KEY: must have at least 16 characters']);
  });
});

describe('the configuration of access', () => {
  const provider = {
    AUTH_JWKS_URL: 'https://id.example.com/jwks',
    AUTH_ISSUER: 'https://id.example.com',
    AUTH_AUDIENCE: 'rollcall',
  };

  it('takes tokens with the three variables of the identity provider, and a key besides', () => {
    expect(loadConfig({ ...provider, ADMIN_API_KEY: KEY }).access.identityProvider).toEqual({
      jwksUrl: 'https://id.example.com/jwks',
      issuer: 'https://id.example.com',
      audience: 'rollcall',
      maxTokenAgeSeconds: 86_400,
      roleClaim: 'role',
      officeClaim: 'office',
    });
    expect(faultsOf(provider)).toEqual([
      expect.stringMatching(/^ADMIN_API_KEY: required with AUTH_JWKS_URL/),
    ]);
  });

  it.each(Object.keys(provider))('does not without %s: any token of the provider would do', (missing) => {
    const some = Object.fromEntries(Object.entries(provider).filter(([name]) => name !== missing));
    expect(faultsOf({ ...some, ADMIN_API_KEY: KEY })).toEqual([
      `${missing}: missing; set all of AUTH_JWKS_URL, AUTH_ISSUER and AUTH_AUDIENCE, or none`,
    ]);
  });

  it('does not fetch keys in the clear in production', () => {
    const env = { ...provider, ADMIN_API_KEY: KEY, AUTH_JWKS_URL: 'http://id.example.com/jwks' };
    expect(() => loadConfig(env)).not.toThrow();
    expect(faultsOf({ ...env, NODE_ENV: 'production' })).toEqual([
      expect.stringMatching(/^AUTH_JWKS_URL: must be https/),
    ]);
  });

  it('shows the schema outside production only, unless configured otherwise', () => {
    const production = { NODE_ENV: 'production', ADMIN_API_KEY: KEY };
    expect(loadConfig({}).http.introspection).toBe(true);
    expect(loadConfig({ GRAPHQL_INTROSPECTION: 'false' }).http.introspection).toBe(false);
    expect(loadConfig(production).http.introspection).toBe(false);
    expect(loadConfig({ ...production, GRAPHQL_INTROSPECTION: 'true' }).http.introspection).toBe(true);
  });

  it.each([
    ['1', 1],
    ['10', 10],
    ['loopback', ['loopback']],
    ['10.0.0.0/8, ::1,uniquelocal', ['10.0.0.0/8', '::1', 'uniquelocal']],
  ])('believes the proxies of TRUST_PROXY=%s', (TRUST_PROXY, expected) => {
    expect(loadConfig({ TRUST_PROXY }).http.trustProxy).toEqual(expected);
  });

  it('shows scores to everybody if it is open, and of matches only with a key', () => {
    expect(loadConfig({}).checks.exposeSimilarity).toBe('always');
    const ADMIN_API_KEY = 'k'.repeat(16);
    expect(loadConfig({ ADMIN_API_KEY }).checks.exposeSimilarity).toBe('match');
    expect(loadConfig({ ADMIN_API_KEY, EXPOSE_SIMILARITY: '' }).checks.exposeSimilarity).toBe('match');
    expect(loadConfig({ ADMIN_API_KEY, EXPOSE_SIMILARITY: 'always' }).checks.exposeSimilarity).toBe('always');
    expect(loadConfig({ EXPOSE_SIMILARITY: 'never' }).checks.exposeSimilarity).toBe('never');
  });

  it('has lockouts on, and off with a window of 0', () => {
    expect(loadConfig({}).checks.lockout).toEqual({
      employeeFailures: 5,
      keyFailures: 20,
      windowSeconds: 300,
      employeeFailuresPerDay: 30,
      keyFailuresPerDay: 30,
    });
    expect(loadConfig({ LOCKOUT_WINDOW_SECONDS: '0' }).checks.lockout.keyFailures).toBe(0);
  });
});

it('the configuration never says a secret, whatever is wrong with it or with others', () => {
  const secrets = {
    ADMIN_API_KEY: 'hush-1',
    CLOUDINARY_API_KEY: 'hush-2',
    CLOUDINARY_API_SECRET: 'hush-3',
    CLOUDINARY_URL: 'http://hush-4:hush-5@hush-6',
    DATABASE_URL: 'mysql://user:hush-7@db/x',
  };
  const message = new ConfigError(faultsOf({ ...secrets, PORT: 'x' })).message;
  expect(message).not.toContain('hush');
  for (const name of ['ADMIN_API_KEY', 'CLOUDINARY_URL', 'DATABASE_URL']) expect(message).toContain(name);
});

describe('the addresses of photos', () => {
  it('are signed once the API has a key, unless said otherwise', () => {
    expect(loadConfig({}).photos.media).toEqual({ access: 'public', signingKey: null, urlTtlSeconds: 3600 });
    expect(loadConfig({ ADMIN_API_KEY: KEY }).photos.media.access).toBe('signed');
    expect(loadConfig({ ADMIN_API_KEY: KEY, MEDIA_ACCESS: 'public' }).photos.media.access).toBe('public');
    expect(loadConfig({ MEDIA_ACCESS: 'signed', MEDIA_SIGNING_KEY: KEY }).photos.media).toMatchObject({
      access: 'signed',
      signingKey: KEY,
    });
  });

  it('have a key that cannot be guessed and a life that ends', () => {
    expect(
      faultsOf({ MEDIA_ACCESS: 'open', MEDIA_SIGNING_KEY: 'short', MEDIA_URL_TTL_SECONDS: '999999999' }),
    ).toEqual([
      'MEDIA_ACCESS: must be signed or public',
      'MEDIA_SIGNING_KEY: must have at least 32 characters',
      'MEDIA_URL_TTL_SECONDS: must be 60 to 604800',
    ]);
  });
});

describe('the configuration of encryption', () => {
  const hex = '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f';
  const bytes = Buffer.from(hex, 'hex');
  const other = Buffer.from('20212223242526272829aabbccddeeff30313233343536373839aabbccddeeff', 'hex');

  it('is off without a key, and on with one in either spelling or in a file', () => {
    expect(loadConfig({}).encryption).toBeNull();
    const folder = mkdtempSync(join(tmpdir(), 'rollcall-config-'));
    try {
      const file = join(folder, 'key');
      writeFileSync(file, `${bytes.toString('base64')}\n`);
      for (const env of [
        { ENCRYPTION_KEY: hex },
        { ENCRYPTION_KEY: hex.toUpperCase() },
        { ENCRYPTION_KEY: bytes.toString('base64') },
        { ENCRYPTION_KEY_FILE: file },
      ]) {
        expect(loadConfig(env).encryption).toEqual({ key: bytes, previous: [] });
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('takes any number of earlier keys', () => {
    const previous = `${hex}, ${other.toString('base64')}`;
    const { encryption, encryptMedia } = loadConfig({
      ENCRYPTION_KEY: other.toString('hex'),
      ENCRYPTION_KEY_PREVIOUS: previous,
      ENCRYPT_MEDIA: 'true',
    });
    expect(encryption).toEqual({ key: other, previous: [bytes, other] });
    expect(encryptMedia).toBe(true);
  });

  it.each([
    [{ ENCRYPTION_KEY: 'secret' }, /^ENCRYPTION_KEY: must be 32 bytes/],
    [{ ENCRYPTION_KEY: hex.slice(2) }, /^ENCRYPTION_KEY: must be 32 bytes/],
    [{ ENCRYPTION_KEY: bytes.toString('base64url') + 'AA' }, /^ENCRYPTION_KEY: must be 32 bytes/],
    [{ ENCRYPTION_KEY: '0'.repeat(64) }, /^ENCRYPTION_KEY: must be a random key/],
    [{ ENCRYPTION_KEY: hex, ENCRYPTION_KEY_FILE: '/x' }, /^ENCRYPTION_KEY_FILE: cannot be combined/],
    [{ ENCRYPTION_KEY_FILE: '/nowhere/key' }, /^ENCRYPTION_KEY_FILE: could not be read \(ENOENT\)$/],
    [
      { ENCRYPTION_KEY: hex, ENCRYPTION_KEY_PREVIOUS: `${hex},x` },
      /^ENCRYPTION_KEY_PREVIOUS: must be 32 bytes/,
    ],
    [{ ENCRYPTION_KEY_PREVIOUS: hex }, /^ENCRYPTION_KEY: required with ENCRYPTION_KEY_PREVIOUS/],
    [{ ENCRYPT_MEDIA: 'true' }, /^ENCRYPTION_KEY: required for ENCRYPT_MEDIA=true$/],
  ])('refuses what cannot work, without quoting a key: %#', (env, message) => {
    const faults = faultsOf(env);
    expect(faults).toEqual([expect.stringMatching(message)]);
    expect(faults.join()).not.toMatch(/secret|0001020304|000000/);
  });
});

it('the configuration starts face workers at once in production', () => {
  const warm = (env: Record<string, string>) => loadConfig(env).faces.warmStart;
  const production = { NODE_ENV: 'production', ADMIN_API_KEY: 'a-key-with-enough-characters' };
  expect(warm(production)).toBe(true);
  expect(warm({ ...production, FACE_WARM_START: 'false' })).toBe(false);
  expect(warm({ FACE_WARM_START: 'true' })).toBe(true);
});

it.each([
  'FACE_SERVER_MATCH_THRESHOLD',
  'FACE_SERVER_IDENTIFY_THRESHOLD',
  'FACE_SERVER_DUPLICATE_THRESHOLD',
  'FACE_SERVER_SAME_PERSON_MIN',
])('the configuration refuses a %s that the model does not reach, and says why', (name) => {
  expect(() => loadConfig({ [name]: '0.7' })).not.toThrow();
  const [fault = ''] = faultsOf({ [name]: '0.71' });
  expect(fault).toMatch(new RegExp(`^${name}: must be at most 0.7`));
  expect(fault).toContain('the model has changed');
  // Another model may have other scores.
  expect(() => loadConfig({ [name]: '0.95', FACE_MODEL_DIR: '/models' })).not.toThrow();
});

it('the configuration names the old and the new default of the threshold that was there before', () => {
  expect(faultsOf({ FACE_SERVER_MATCH_THRESHOLD: '0.95' })[0]).toMatch(/0\.95.*0\.43/);
});
