import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { TEMPLATE_VARIABLE } from './databases';

export default function globalTeardown(): void {
  const template = process.env[TEMPLATE_VARIABLE];
  if (template !== undefined) rmSync(dirname(template), { recursive: true, force: true });
}
