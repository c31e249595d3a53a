/** Real: the files that set up a checkout, a container or CI. Fake: Docker, which is not here; Compose's own rules are applied. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { loadConfig } from '../../src/config/config';
import { environmentSchema } from '../../src/config/environment';

const ROOT = join(__dirname, '..', '..');
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

interface Service {
  readonly ports?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly volumes: readonly string[];
  readonly healthcheck: { readonly test: readonly unknown[] };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, null>>;
}
interface Manifest {
  readonly scripts: Readonly<Record<string, string>>;
  readonly engines: { readonly node: string };
}

const { scripts, engines } = JSON.parse(read('package.json')) as Manifest;

/** As Compose puts variables in: `${NAME:-default}` and `${NAME:?message}`. */
const interpolated = (text: string, env: Readonly<Record<string, string>>): string =>
  text.replace(/\$\{(\w+):([-?])([^}]*)\}/g, (_whole, name: string, kind: string, rest: string) => {
    const value = env[name] ?? '';
    if (value === '' && kind === '?') throw new Error(`${name} ${rest}`);
    return value === '' ? rest : value;
  });
const composed = (env: Readonly<Record<string, string>>): Compose =>
  parse(interpolated(read('docker-compose.yml'), env)) as Compose;

describe('docker-compose.yml', () => {
  const KEY = 'a-key-of-32-characters-0123456789';

  it('refuses to start without ADMIN_API_KEY, and says how to make one', () => {
    expect(() => composed({})).toThrow('ADMIN_API_KEY is required. Make one with "openssl rand -hex 32"');
  });

  it('sets variables that there are, to values that the service takes', () => {
    const { services } = composed({ ADMIN_API_KEY: KEY, POSTGRES_PASSWORD: 'secret' });
    const { rollcall, database } = services as { rollcall: Service; database: Service };
    for (const name of Object.keys(rollcall.environment))
      expect(environmentSchema.shape).toHaveProperty(name);
    const image = Object.fromEntries(
      [...(/^ENV (.*)$/m.exec(read('Dockerfile'))?.[1] ?? '').matchAll(/(\w+)=(\S+)/g)].map(
        ([, name, value]) => [name, value],
      ),
    ) as Record<string, string>;
    const environment = Object.fromEntries(
      Object.entries(rollcall.environment).map(([name, value]) => [name, String(value ?? '')]),
    );
    const config = loadConfig({ ...image, ...environment });
    expect(config).toMatchObject({
      production: true,
      http: { host: '0.0.0.0' },
      access: { adminApiKey: KEY },
      faces: { descriptorTrust: 'server' },
    });
    expect(rollcall.ports).toEqual([`127.0.0.1:4000:${config.http.port}`]);
    expect(rollcall.volumes).toEqual([`photos:${config.dataDir}`]);
    const url = new URL(config.database.url ?? '');
    expect(services).toHaveProperty(url.hostname);
    expect(database.environment).toEqual({
      POSTGRES_USER: url.username,
      POSTGRES_PASSWORD: url.password,
      POSTGRES_DB: url.pathname.slice(1),
    });
  });

  it('waits for a healthy database, and keeps what is written in volumes that there are', () => {
    const { services, volumes } = composed({ ADMIN_API_KEY: KEY });
    for (const service of Object.values(services)) {
      expect(service.healthcheck.test.map((part) => typeof part)).toEqual(
        service.healthcheck.test.map(() => 'string'),
      );
      for (const name of Object.keys(service.depends_on ?? {})) expect(services).toHaveProperty(name);
      for (const volume of service.volumes) expect(volumes).toHaveProperty(volume.split(':')[0] as string);
    }
    expect(services['rollcall']?.depends_on).toEqual({ database: { condition: 'service_healthy' } });
  });
});

it('the Dockerfile copies files that there are, which .dockerignore lets through, and runs scripts that there are', () => {
  const text = read('Dockerfile');
  const ignored = read('.dockerignore').split('\n').filter(Boolean);
  const copies = [...text.matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap(([, names]) =>
    (names as string).split(' '),
  );
  expect(copies).toEqual(expect.arrayContaining(['package-lock.json', 'src', 'web', 'scripts']));
  for (const name of copies) {
    expect([name, existsSync(join(ROOT, name))]).toEqual([name, true]);
    expect(ignored).not.toContain(name.replace('./', ''));
  }
  for (const [, name] of text.matchAll(/npm run ([\w:-]+)/g))
    expect(scripts).toHaveProperty([name as string]);
});

it('.nvmrc and CI name versions of Node that package.json allows', () => {
  const versions = engines.node.split(' || ').map((range) => /(\d+)\.(\d+)/.exec(range)?.slice(1) ?? []);
  const [[major, minor] = []] = versions;
  expect(read('.nvmrc').trim()).toBe(`${major}.${minor}`);
  const workflow = parse(read('.github/workflows/ci.yml')) as {
    jobs: { check: { strategy: { matrix: { node: string[] } }; steps: { run?: string }[] } };
  };
  const { strategy, steps } = workflow.jobs.check;
  expect(strategy.matrix.node.map((version) => version.split('.')[0])).toEqual(
    versions.map(([each]) => each),
  );
  expect(steps.at(-1)?.run).toBe('bash .ci/run');
});

it('templates and Dependabot are what their host can read', () => {
  for (const name of ['bug', 'feature']) {
    const form = parse(read(`.github/ISSUE_TEMPLATE/${name}.yml`)) as {
      name: string;
      description: string;
      body: { type: string; id?: string; attributes: object }[];
    };
    expect(form).toMatchObject({
      name: expect.any(String) as string,
      description: expect.any(String) as string,
    });
    for (const { type, id, attributes } of form.body) {
      expect(['markdown', 'textarea', 'input']).toContain(type);
      expect(attributes).toHaveProperty(type === 'markdown' ? 'value' : 'label');
      expect([type, id === undefined]).toEqual([type, type === 'markdown']);
    }
  }
  const { version, updates } = parse(read('.github/dependabot.yml')) as {
    version: number;
    updates: { 'package-ecosystem': string }[];
  };
  expect(version).toBe(2);
  expect(updates.map((each) => each['package-ecosystem'])).toEqual(['npm', 'github-actions', 'docker']);
});
