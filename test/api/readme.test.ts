/** Real: README's own commands, run by bash against the service. Fake: the port in them. */
import { execFile } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildSchema, type GraphQLEnumType } from 'graphql';
import { TestService } from '../support/service';

const ROOT = join(__dirname, '..', '..');
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const readme = read('README.md');

describe("README's walk", () => {
  it('leads from nothing to a recorded punch', async () => {
    const service = await TestService.start();
    try {
      const commands = [...readme.matchAll(/```bash\n([\s\S]*?)```/g)]
        .map(([, command]) => command as string)
        .filter((command) => command.includes('localhost:4000/graphql') && command.includes('curl'));
      const answers: string[] = [];
      for (const command of commands) {
        const script = command.replaceAll('http://localhost:4000', service.url);
        const { stdout } = await promisify(execFile)('bash', ['-c', script], { cwd: ROOT });
        answers.push(stdout);
      }
      expect(answers.map((answer) => JSON.parse(answer) as unknown)).toEqual([
        {
          data: {
            registerEmployee: {
              message: 'Employee registered successfully!',
              faceDetectionStatus: 'WORKING',
              employee: {
                employeeId: 'GH-1906',
                name: 'Grace Hopper',
                imageUrl: `${service.url}/media/face_images/GH-1906.jpg`,
              },
            },
          },
        },
        {
          data: {
            checkAttendance: {
              status: 'RECORDED',
              message: 'Login recorded successfully!',
              similarity: expect.closeTo(0.99, 2) as number,
            },
          },
        },
        {
          data: {
            checkAttendance: {
              status: 'FACE_MISMATCH',
              message: 'Face does not match',
              similarity: expect.closeTo(0.15, 2) as number,
            },
          },
        },
        {
          data: {
            attendances: {
              totalCount: 1,
              nodes: [expect.objectContaining({ type: 'LOGIN', employee: { name: 'Grace Hopper' } })],
            },
          },
        },
      ]);
    } finally {
      await service.stop();
    }
  });
});

it('docs/reference/operations.md names every operation of the schema, and no other', () => {
  const schema = buildSchema(read('src/schema.graphql'));
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const operations = Object.assign({}, ...roots.map((root) => root?.getFields())) as object;
  const named = [...read('docs/reference/operations.md').matchAll(/^\| ((?:`[a-zA-Z]+`(?:, )?)+) *\|/gm)]
    .flatMap(([, cell]) => (cell as string).split(', '))
    .map((name) => name.replaceAll('`', ''))
    .filter((name) => /^[a-z]/.test(name));
  expect(named.sort()).toEqual(Object.keys(operations).sort());
});

it('docs/reference/operations.md explains every outcome of a check', () => {
  const schema = buildSchema(read('src/schema.graphql'));
  const outcomes = schema.getType('CheckAttendanceStatus') as GraphQLEnumType;
  const named = [...read('docs/reference/operations.md').matchAll(/^\| `([A-Z_]+)` *\|/gm)].map(
    ([, name]) => name,
  );
  expect(named.sort()).toEqual(
    outcomes
      .getValues()
      .map(({ name }) => name)
      .sort(),
  );
});

const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => join('docs', file)),
];

it('the documents name npm scripts and files that exist', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  for (const file of documents) {
    const text = read(file);
    for (const [, name] of text.matchAll(/npm run (?:-s )?([\w:-]+)/g))
      expect(scripts).toHaveProperty([name as string]);
    for (const [, path] of text.matchAll(/\]\((?!http)([^)#]+)\)/g)) {
      expect(() => read(join(file, '..', path as string))).not.toThrow();
    }
  }
});
