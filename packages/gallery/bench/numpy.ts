import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { unit, unitRows, type Contender, type Matrix } from './contenders';

/** One thread, as everybody here; and the kernels that its BLAS picks by itself. */
function environment(): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...process.env, OPENBLAS_NUM_THREADS: '1', OMP_NUM_THREADS: '1' };
  delete env['OPENBLAS_CORETYPE'];
  delete env['OPENBLAS_L2_SIZE'];
  return env;
}

export const numpyInstalled = (): boolean => spawnSync('python3', ['-c', 'import numpy']).status === 0;

/** numpy in a process of its own, which times itself. */
export async function numpy(matrix: Matrix): Promise<Contender> {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-bench-'));
  const file = join(folder, 'rows');
  const rows = unitRows(matrix);
  // As bytes: a view of more than 2 GiB could not be written at once, and none here is that large.
  writeFileSync(file, new Uint8Array(rows.buffer));
  const child = spawn(
    'python3',
    [join(__dirname, 'numpy_server.py'), file, String(matrix.size), String(matrix.dimension)],
    { env: environment(), stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const line = async (): Promise<string> => {
    const next = await lines.next();
    if (next.done === true) throw new Error('numpy ended');
    return next.value;
  };
  await line();
  rmSync(folder, { recursive: true });
  return {
    name: 'numpy M@q',
    async time(probe) {
      child.stdin.write(new Uint8Array(unit(probe).buffer));
      return Number(await line());
    },
    async close() {
      const ended = once(child, 'exit');
      child.stdin.end();
      await ended;
    },
  };
}
