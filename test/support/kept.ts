import { join } from 'node:path';

/** @returns a module of this folder that is loaded once by a worker of jest, not once by each test file (native-environment.cjs) */
export function kept<Module>(name: string): Module {
  const { requireNatively = require } = globalThis as { requireNatively?: NodeJS.Require };
  return requireNatively(join(__dirname, `${name}.cjs`)) as Module;
}
