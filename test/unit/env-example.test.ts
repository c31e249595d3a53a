/** Real: the committed .env.example, Node's parser of such files, the configuration. */
import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { ENV_EXAMPLE, envExample } from '../../scripts/env-example';
import { loadConfig } from '../../src/config/config';
import { environmentSchema } from '../../src/config/environment';

const text = readFileSync(ENV_EXAMPLE, 'utf8');
/** What somebody has who uncomments every variable. */
const uncommented = (): NodeJS.Dict<string> => parseEnv(text.replace(/^#(?=[A-Z_]+=)/gm, ''));

it('.env.example is what the configuration says', () => {
  expect(text).toBe(envExample());
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
