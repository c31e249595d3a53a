/** Real: files, processes and the process table. Fake: the notes of holders in places this test cannot have. */
import { existsSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { acquireLock } from '#src/lock-file';
import { processState, thisProcess } from '#src/process-identity';
import { startChild, temporaryFolder } from '../../../test/support/pglite';
import { until } from '../../../test/support/until';

let folder: string;
let file: string;
beforeEach(() => {
  folder = temporaryFolder();
  file = join(folder, 'rollcall.lock');
});
afterEach(() => rmSync(folder, { recursive: true }));

const leaveNote = (changes: object): void =>
  writeFileSync(file, JSON.stringify({ ...thisProcess(), token: 'left behind', ...changes }));
/** Short, so that a silent holder is given up within the test. */
const impatient = { heartbeatMs: 20, silenceMs: 2000 };

it('the lock creates the folder, and leaves nothing when released twice', async () => {
  const nested = join(folder, 'a', 'b');
  const lock = await acquireLock(nested);
  expect(readdirSync(nested)).toEqual(['rollcall.lock']);
  lock.release();
  lock.release();
  expect(readdirSync(nested)).toEqual([]);
});

it('the lock refuses a second holder, naming the process, the folder and the remedy, until it is released', async () => {
  const lock = await acquireLock(folder);
  const refused = acquireLock(folder);
  await expect(refused).rejects.toThrow(`${folder} is in use by process ${process.pid} on `);
  await expect(acquireLock(folder)).rejects.toThrow(/Stop that process.*DATA_DIR.*DATABASE_URL/);
  lock.release();
  (await acquireLock(folder)).release();
});

it('the lock is refused while another live process holds it and takes over when that one was killed', async () => {
  const holder = startChild('lock', folder);
  await holder.printed('locked');
  await expect(acquireLock(folder)).rejects.toThrow(`process ${holder.process.pid} on`);
  holder.process.kill('SIGKILL');
  await holder.ended;
  (await acquireLock(folder)).release();
});

const onLinux = process.platform === 'linux' ? it : it.skip;

onLinux(
  'the lock is taken over from an earlier process that had the same pid, as in a container that was restarted',
  async () => {
    leaveNote({ startedAt: '1' });
    (await acquireLock(folder)).release();
  },
);

describe('the lock without a process table that tells start times', () => {
  const bare = { bootId: '', pidNamespace: '', startedAt: '' };
  const me = { ...thisProcess(), ...bare };

  it('goes by the pid, and takes its own pid for an earlier process', () => {
    expect(processState({ ...me, pid: process.ppid }, me)).toBe('alive');
    expect(processState({ ...me, pid: 2 ** 22 + 1 }, me)).toBe('dead');
    expect(processState(me, me)).toBe('dead');
    expect(processState({ ...me, host: 'elsewhere' }, me)).toBe('unknown');
  });
});

describe('a holder of the lock in another container', () => {
  beforeEach(() => leaveNote({ pidNamespace: 'pid:[1]', host: 'other', pid: 1 }));

  it('is respected while its file shows a heartbeat', async () => {
    const timer = setInterval(() => utimesSync(file, new Date(), new Date()), 20);
    try {
      await expect(acquireLock(folder, impatient)).rejects.toThrow('in use by process 1 on other');
    } finally {
      clearInterval(timer);
    }
  });

  it('is replaced when it stays silent', async () => {
    (await acquireLock(folder, impatient)).release();
    expect(existsSync(file)).toBe(false);
  });
});

it('the lock replaces a file that was never written completely', async () => {
  writeFileSync(file, '{"pid":');
  (await acquireLock(folder, impatient)).release();
});

it('the lock shows a heartbeat while it is held, even to a holder who cannot see the process', async () => {
  const lock = await acquireLock(folder, { heartbeatMs: 20 });
  const times = new Set<bigint>();
  await until(
    () => times.add(statSync(file, { bigint: true }).mtimeNs).size,
    (seen) => seen > 3,
  );
  lock.release();
});

it('the lock tells its holder when the file is taken away', async () => {
  const lost = new Promise<Error>((onLost) => {
    void acquireLock(folder, { onLost, heartbeatMs: 20 }).then(() => leaveNote({ token: 'somebody else' }));
  });
  expect((await lost).message).toContain(`${file} was removed or replaced`);
});

it('the lock lets exactly one of four processes win that start at the same moment over a stale file', async () => {
  leaveNote({ startedAt: '1', pid: 2 ** 22 + 1 });
  const signal = join(folder, 'start');
  const children = Array.from({ length: 4 }, () => startChild('lock', folder, signal));
  try {
    await Promise.all(children.map((child) => child.printed('ready')));
    writeFileSync(signal, '');
    await Promise.all(children.map((child) => Promise.race([child.ended, child.printed('locked')])));
    expect(children.filter((child) => child.output() === 'ready\nlocked\n')).toHaveLength(1);
    expect(children.filter((child) => child.output().startsWith('ready\nrefused: '))).toHaveLength(3);
  } finally {
    for (const child of children) child.process.kill('SIGKILL');
    await Promise.all(children.map(({ ended }) => ended));
  }
});
