/** Real: the committed .env.example and reference, Node's parser of such files, the configuration. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { GENERATED } from '../../scripts/configuration-docs';
import { loadConfig } from '../../src/config/config';
import { environmentSchema } from '../../src/config/environment';

const read = (file: string): string => readFileSync(join(__dirname, '..', '..', file), 'utf8');
const text = read('.env.example');
/** What somebody has who uncomments every variable. */
const uncommented = (): NodeJS.Dict<string> => parseEnv(text.replace(/^#(?=[A-Z_]+=)/gm, ''));

it.each(Object.entries(GENERATED))('%s is what the configuration says', (file, generated) => {
  expect(read(file)).toBe(generated());
});

it('the reference lists every variable once, with its default', () => {
  const defaults = environmentSchema.parse({}) as Readonly<Record<string, unknown>>;
  const entries = read('docs/reference/configuration.md').split(/^### /m).slice(1);
  const listed = entries.map((entry) => [
    /^`(\w+)`/.exec(entry)?.[1],
    /Default: `(.*)`\.$/m.exec(entry)?.[1],
  ]);
  const expected = Object.keys(environmentSchema.shape).map((name) => [name, defaults[name]?.toString()]);
  expect(listed).toEqual(expected);
});

it('.env.example sets nothing as it is, and only defaults once uncommented', () => {
  expect(parseEnv(text)).toEqual({});
  expect(Object.keys(uncommented()).sort()).toEqual(Object.keys(environmentSchema.shape).sort());
  expect(loadConfig(uncommented())).toEqual(loadConfig({}));
});

it('.env.example explains each variable in one or two short sentences', () => {
  for (const [name, { description = '' }] of Object.entries(environmentSchema.shape)) {
    expect([name, description]).toEqual([name, expect.stringMatching(/^\S.{10,109}$/)]);
  }
});
