/** Real: the examples as processes, the service over HTTP, photos. Fake: a front that loses answers. */
import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSchema, type GraphQLEnumType, parse, validate } from 'graphql';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { ADMIN_KEY, type Speaker, startClosed } from '../support/access';
import { LossyFront } from '../support/lossy-front';
import { CHECK } from '../support/operations';
import { base64Photo } from '../support/photos';
import { TestService } from '../support/service';

const ROOT = join(__dirname, '..', '..');
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const fixture = (name: string): string => join('test', 'fixtures', name);

const schema = buildSchema(read('src/schema.graphql'));
const statuses = (schema.getType('CheckAttendanceStatus') as GraphQLEnumType)
  .getValues()
  .map(({ name }) => name);

/** Translated once for all runs, as a reader's own build or Node 22.18 does. */
const TYPESCRIPT = mkdtempSync(join(tmpdir(), 'rollcall-examples-'));

function translateTypeScript(): void {
  const folder = join(ROOT, 'examples', 'typescript');
  for (const file of readdirSync(folder)) {
    if (!file.endsWith('.ts') || file.endsWith('.d.ts')) continue;
    const { outputText } = transpileModule(readFileSync(join(folder, file), 'utf8'), {
      compilerOptions: {
        target: ScriptTarget.ES2022,
        module: ModuleKind.ES2022,
        rewriteRelativeImportExtensions: true,
      },
    });
    writeFileSync(join(TYPESCRIPT, file.replace(/\.ts$/, '.js')), outputText);
  }
  cpSync(join(folder, 'package.json'), join(TYPESCRIPT, 'package.json'));
  symlinkSync(join(ROOT, 'node_modules'), join(TYPESCRIPT, 'node_modules'));
}

const CLIENTS: readonly { name: string; command: readonly string[]; sources: readonly string[] }[] = [
  { name: 'curl', command: ['bash', 'examples/curl/rollcall.sh'], sources: ['examples/curl/rollcall.sh'] },
  {
    name: 'python',
    command: ['python3', 'examples/python/rollcall_client.py'],
    sources: ['examples/python/rollcall_client.py'],
  },
  {
    name: 'graphql-request',
    command: [process.execPath, join(TYPESCRIPT, 'graphql-request.js')],
    sources: ['examples/typescript/rollcall.ts'],
  },
  {
    name: 'apollo-client',
    command: [process.execPath, join(TYPESCRIPT, 'apollo-client.js')],
    sources: ['examples/typescript/rollcall.ts'],
  },
];

function isThere(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs an example as a reader would, with nothing of this process's environment but the path. */
function run([file = '', ...args]: readonly string[], url: string, key: string | null): Promise<Run> {
  const env = {
    PATH: process.env['PATH'] ?? '',
    ROLLCALL_URL: `${url}/graphql`,
    ...(key === null ? {} : { ROLLCALL_KEY: key }),
  };
  return new Promise((resolve) => {
    execFile(file, args, { cwd: ROOT, env }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

describe('examples', () => {
  let service: TestService;
  let open: TestService;
  let admin: Speaker;
  let front: LossyFront;

  beforeAll(async () => {
    translateTypeScript();
    ({ service, admin } = await startClosed({ env: { LOCKOUT_EMPLOYEE_FAILURES: '2' } }));
    open = await TestService.start();
    front = await LossyFront.before(service.url);
  });
  afterAll(async () => {
    await front.stop();
    await Promise.all([service.stop(), open.stop()]);
    rmSync(TYPESCRIPT, { recursive: true, force: true });
  });

  const total = async (employeeId: string): Promise<number> => {
    const { attendances } = await admin.ask<{ attendances: { totalCount: number } }>(
      'query ($id: String!) { attendances(filter: { employeeId: $id }) { totalCount } }',
      { id: employeeId },
    );
    return attendances.totalCount;
  };

  for (const { name, command } of CLIENTS) {
    const there = isThere(command[0] as string);
    const title = there ? `examples/${name}` : `examples/${name} (skipped: no ${command[0]} is installed)`;
    (there ? describe : describe.skip)(title, () => {
      const employeeId = `GH-${name}`;
      const call = (...args: string[]): Promise<Run> => run([...command, ...args], service.url, ADMIN_KEY);

      beforeAll(async () => {
        const person = `Grace "Amazing" \\ O'Hopper é`;
        const registered = await call('register', person, employeeId, fixture('grace-hopper.jpg'));
        expect(registered).toEqual({ code: 0, stdout: 'Employee registered successfully!\n', stderr: '' });
        const { employee } = await admin.ask<{ employee: { name: string } }>(
          'query ($id: String!) { employee(employeeId: $id) { name } }',
          { id: employeeId },
        );
        expect(employee.name).toBe(person);
      });
      // The face is free for the next client.
      afterAll(() =>
        admin.ask('mutation ($id: String!) { deactivateEmployee(employeeId: $id) { id } }', {
          id: employeeId,
        }),
      );

      it('records a punch by the face alone, and lists it', async () => {
        const before = await total(employeeId);
        const { code, stdout, stderr } = await call('check', fixture('grace-hopper-2.jpg'));
        expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
        expect(stdout).toMatch(/^RECORDED: Log(in|out) recorded successfully!\n/);
        expect(await total(employeeId)).toBe(before + 1);
        const list = await call('punches');
        expect(list.code).toBe(0);
        expect(list.stdout).toMatch(
          new RegExp(
            `^\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z LOG(IN|OUT) ${employeeId} Grace "Amazing" \\\\ O'Hopper é$`,
            'm',
          ),
        );
      });

      it('says what the person does next if a check is refused', async () => {
        const stranger = await call('check', fixture('eileen-collins.jpg'));
        expect(stranger).toMatchObject({ code: 2, stderr: '' });
        expect(stranger.stdout).toMatch(/^FACE_NOT_RECOGNIZED: .+\nTake another photo, or enter/);
        const nobody = await call('check', fixture('no-face.jpg'), employeeId);
        expect(nobody).toMatchObject({ code: 2, stderr: '' });
        expect(nobody.stdout).toMatch(/^FACE_NOT_USABLE: .+\nLook straight into the camera/);
        const unknown = await call('check', fixture('grace-hopper-2.jpg'), 'nobody');
        expect(unknown).toMatchObject({ code: 2, stderr: '' });
        expect(unknown.stdout).toMatch(/^EMPLOYEE_NOT_FOUND: .+\nCheck the employee number/);
      });

      it('retries with the same requestId, so that a lost answer is one punch', async () => {
        const before = { punches: await total(employeeId), requests: front.requests };
        front.lose(
          { code: 'UNAVAILABLE', retryAfterSeconds: 1 },
          { code: 'TOO_MANY_REQUESTS', retryAfterSeconds: 1 },
        );
        const { code, stdout } = await run(
          [...command, 'check', fixture('grace-hopper-2.jpg')],
          front.url,
          ADMIN_KEY,
        );
        expect({ code, stdout }).toEqual({
          code: 0,
          stdout: expect.stringMatching(/^(ALREADY_)?RECORDED: /) as string,
        });
        expect(front.requests - before.requests).toBe(3);
        expect((await total(employeeId)) - before.punches).toBe(1);
      });

      it('does not wait for a lock of half a minute', async () => {
        const wrong = { employeeId, imageBase64: base64Photo('eileen-collins.jpg') };
        for (let i = 0; i < 2; i++) await admin.send(CHECK, { input: wrong });
        const started = Date.now();
        const { code, stderr } = await call('check', fixture('grace-hopper-2.jpg'), employeeId);
        expect(code).toBe(1);
        expect(stderr).toMatch(
          /^TOO_MANY_REQUESTS: Too many failed matches for this employee; try again in \d+ s/,
        );
        // Shorter than the lock, which a wait would last.
        expect(Date.now() - started).toBeLessThan(25_000);
        await admin.ask('mutation ($id: String!) { liftLockout(employeeId: $id) }', { id: employeeId });
      });

      it('prints errors in one line, and ends with 1', async () => {
        const taken = await call('register', 'Somebody', employeeId, fixture('eileen-collins.jpg'));
        expect(taken).toMatchObject({ code: 1, stdout: '' });
        expect(taken.stderr).toMatch(/^CONFLICT: The employeeId "GH-[a-z-]+" is already in use/);
        for (const args of [['punches'], ['check', fixture('grace-hopper-2.jpg')]]) {
          expect(await run([...command, ...args], service.url, 'a-wrong-key')).toEqual({
            code: 1,
            stdout: '',
            stderr: 'UNAUTHENTICATED: API key not valid\nSet ROLLCALL_KEY to a key of this service.\n',
          });
        }
        expect(await call('check', 'no-such-file.jpg')).toMatchObject({
          code: 1,
          stdout: '',
          stderr: expect.stringMatching(/^Cannot read .*no-such-file\.jpg/) as string,
        });
        expect(await call('chek')).toMatchObject({
          code: 1,
          stdout: '',
          stderr: expect.stringContaining('check PHOTO [EMPLOYEE_ID]') as string,
        });
      });

      it('passes on the message of an outcome that is newer than it', async () => {
        const result = { status: 'BRAND_NEW', message: 'Read this.' };
        const newer = createServer((request, response) => {
          request.resume().on('end', () => {
            response.setHeader('content-type', 'application/json');
            response.end(
              JSON.stringify({ data: { checkAttendance: { __typename: 'BrandNew', ...result } } }),
            );
          });
        }).listen(0, '127.0.0.1');
        await once(newer, 'listening');
        const { port } = newer.address() as AddressInfo;
        const url = `http://127.0.0.1:${port}`;
        const said = await run([...command, 'check', fixture('grace-hopper.jpg')], url, ADMIN_KEY);
        newer.close();
        expect(said).toEqual({
          code: 2,
          stdout: 'BRAND_NEW: Read this.\nThis outcome is newer than the script.\n',
          stderr: '',
        });
      });

      it('needs no key if the service is open', async () => {
        expect(await run([...command, 'punches'], open.url, null)).toEqual({
          code: 0,
          stdout: '',
          stderr: '',
        });
      });
    });
  }

  it.each([...new Set(CLIENTS.flatMap(({ sources }) => sources)), 'examples/README.md'])(
    '%s knows every outcome that needs more than its message',
    (file) => {
      const text = read(file);
      const listed = [...read('examples/README.md').matchAll(/^\| `([A-Z_]+)` +\|/gm)].map(
        ([, name]) => name,
      );
      expect(listed.length).toBeGreaterThan(10);
      expect(listed.filter((status) => !statuses.includes(status as string))).toEqual([]);
      expect(listed.filter((status) => !new RegExp(`\\b${status}\\b`).test(text))).toEqual([]);
    },
  );

  it('send operations that the schema has', () => {
    const files = [...new Set(CLIENTS.flatMap(({ sources }) => sources))];
    const operations = files.flatMap((file) =>
      [...read(file).matchAll(/[`"']{1,3}((?:mutation|query)\b[^{]*\([^`'"]*?\{[^`'"]+\})\s*[`"']/g)].map(
        ([, text]) => text as string,
      ),
    );
    expect(operations.length).toBeGreaterThanOrEqual(8);
    for (const operation of operations) expect(validate(schema, parse(operation))).toEqual([]);
  });

  it('name the versions of the libraries that they are tested with', () => {
    type Manifest = Readonly<Record<'dependencies' | 'devDependencies', Readonly<Record<string, string>>>>;
    const ours = JSON.parse(read('package.json')) as Manifest;
    const theirs = JSON.parse(read('examples/typescript/package.json')) as Manifest;
    expect({ ...ours.dependencies, ...ours.devDependencies }).toMatchObject(theirs.dependencies);
  });
});
