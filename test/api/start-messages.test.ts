/** Real: the service as a process of its own, the database. Fake: nothing. */
import { spawnSync } from 'node:child_process';
import { ChildService } from '../support/child-service';
import { createStorage } from '../support/databases';

/** What the service says in production once it listens. */
async function start(env: Readonly<Record<string, string>>, before = 'ulimit -c 0'): Promise<string> {
  const storage = await createStorage();
  const lines: string[] = [];
  const production = { NODE_ENV: 'production', ADMIN_API_KEY: 'k'.repeat(32) };
  const child = ChildService.spawn({
    storage,
    before,
    env: { ...production, ...env },
    onLine: (line) => lines.push(line),
  });
  try {
    await child.listening;
  } finally {
    await child.stop();
    await storage.remove();
  }
  return lines.join('\n');
}

let plain: string;
beforeAll(async () => {
  plain = await start({});
});

it('in production a service that takes the client’s word says what that means', async () => {
  const said = await start({ FACE_DESCRIPTOR_TRUST: 'client' });
  expect(said).toMatch(
    /FACE_DESCRIPTOR_TRUST=client: .*stolen descriptor, an attacker can punch for its owner/,
  );
  expect(said).toMatch(/REPLAY_WINDOW_DAYS=0: .*30 is recommended/);
});

it('a service with a key verifies photos, and need not say so', () => {
  expect(plain).not.toMatch(/FACE_DESCRIPTOR_TRUST/);
});

it('an open service says that a descriptor decides', async () => {
  const open = { NODE_ENV: '', ADMIN_API_KEY: '', HOST: '127.0.0.1' };
  expect(await start(open)).toMatch(/FACE_DESCRIPTOR_TRUST is client, because ADMIN_API_KEY is not set/);
});

it('a service that looks at no photos says that the pages do not work', async () => {
  expect(await start({ FACE_WORKERS: '0' })).toMatch(/FACE_WORKERS=0: .*kiosk and the enrolment desk/);
});

it('in production a service that does not take the client’s word says nothing of it', async () => {
  const said = await start({ FACE_DESCRIPTOR_TRUST: 'server', REPLAY_WINDOW_DAYS: '90' });
  expect(said).not.toMatch(/FACE_DESCRIPTOR_TRUST|REPLAY_WINDOW_DAYS/);
});

it('a service without an encryption key says so once, and a service never says which key it has', async () => {
  expect(
    plain.match(/ENCRYPTION_KEY is not set: face templates and photos are stored unencrypted/g),
  ).toHaveLength(1);
  const key = '7c'.repeat(4) + '0123456789abcdef'.repeat(3) + 'd01e1e0f';
  const quiet = await start({ ENCRYPTION_KEY: key, MEDIA_ACCESS: 'public' });
  expect(quiet).not.toMatch(/ENCRYPTION_KEY|unencrypted/);
  expect(quiet).not.toContain(key);
  expect(quiet).toMatch(/MEDIA_ACCESS=public: .*can see it/);
});

const ALLOW = 'ulimit -S -c 8';
const mayAllow = spawnSync('sh', ['-c', ALLOW]).status === 0;
(mayAllow ? it : it.skip)('one whose crash would leave a core file says so', async () => {
  expect(await start({}, ALLOW)).toMatch(/A crash can write a core file .*: ulimit -c 0/);
  expect(plain).not.toMatch(/core file/);
});
