/** Real: the service, the database, the disk (file times set back by an hour). Fake: nothing. */
import { existsSync, mkdirSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { createStorage } from '../support/databases';
import { erase, erasureOf, mediaFiles } from '../support/privacy';
import { check, collins, register } from '../support/operations';
import { TestService } from '../support/service';
import { FAST_UPLOADS } from '../support/uploads';

describe('housekeeping', () => {
  let service: TestService;
  const file = (path: string): string => join(service.storage.dataDir, path);
  const put = (path: string, ageMinutes: number): void => {
    mkdirSync(dirname(file(path)), { recursive: true });
    writeFileSync(file(path), 'left by a crash');
    setBack(path, ageMinutes);
  };
  const setBack = (path: string, minutes: number): void => {
    const time = new Date(Date.now() - minutes * 60_000);
    utimesSync(file(path), time, time);
  };

  beforeAll(async () => {
    service = await TestService.start({
      env: { PUNCH_MIN_INTERVAL_SECONDS: '0', REPLAY_WINDOW_DAYS: '0' },
    });
  });
  afterAll(() => service.stop());

  it('removes files without a row after an hour, and nothing else', async () => {
    await register(service);
    const { attendance } = await check(service);
    const kept = ['media/face_images/EMP-1.jpg', new URL(attendance?.localImageUrl ?? '').pathname.slice(1)];
    for (const path of kept) setBack(path, 600);
    const orphans = [
      'media/face_images/NOBODY.jpg',
      `media/attendance_images/2026/01/31/${uuidv7()}.jpg`,
      // The punch has a row, but its file is elsewhere.
      `media/attendance_images/2020/01/01/${attendance?.id ?? ''}.jpg`,
      `incoming/${uuidv7()}.part`,
    ];
    for (const path of orphans) put(path, 61);
    const young = [
      'media/face_images/SOON.jpg',
      `media/attendance_images/2026/01/31/${uuidv7()}.jpg`,
      `incoming/${uuidv7()}.part`,
    ];
    for (const path of young) put(path, 59);

    expect(await service.app.sweep()).toBe(3);
    expect(orphans.filter((path) => existsSync(file(path)))).toEqual([]);
    expect([...kept, ...young].filter((path) => !existsSync(file(path)))).toEqual([]);
    expect(await service.app.sweep()).toBe(0);
  });

  it('makes review items of photos whose punches a database that was set back lacks', async () => {
    await service.reset();
    await register(service);
    // As after a clock that was wrong: ids are ahead of the time of the checks.
    const clock = jest.spyOn(Date, 'now').mockReturnValueOnce(Date.now() + 7_200_000);
    uuidv7();
    clock.mockRestore();
    const ids: string[] = [];
    for (let n = 0; n < 2; n++) ids.push((await check(service)).attendance?.id ?? '');
    const photos = mediaFiles(service.storage).map((path) => `media/${path}`);
    expect(photos).toHaveLength(3);
    for (const path of photos) setBack(path, 600);
    // One of them is just being removed, as by an erasure.
    await service.sql(
      `INSERT INTO discarded_images (id, path, local_removed, subject_id, cdn_after, next_at)
       SELECT id, image_path, false, employee_id, now(), 'infinity' FROM attendances WHERE id = $1`,
      [ids[1]],
    );
    await service.sql('DELETE FROM attendances');
    expect(await service.app.sweep()).toBe(0);
    expect(await service.app.sweep()).toBe(0);
    const { reviewItems } = await service.ask<{
      reviewItems: { nodes: { id: string; localImageUrl: string; receivedAt: string }[] };
    }>('{ reviewItems { nodes { id reason status receivedAt localImageUrl } } }');
    expect(reviewItems.nodes).toMatchObject([{ id: ids[0], reason: 'PUNCH_LOST', status: 'PENDING' }]);
    const [{ localImageUrl, receivedAt } = { localImageUrl: '', receivedAt: '' }] = reviewItems.nodes;
    expect((await fetch(localImageUrl)).status).toBe(200);
    const modified = statSync(file(photos.find((path) => path.includes(ids[0] ?? '-')) ?? '')).mtimeMs;
    expect(Math.abs(Date.parse(receivedAt) - modified)).toBeLessThan(1000);
    const input = { id: ids[0], employeeId: 'EMP-1', type: 'LOGIN', recordedAt: receivedAt, reason: 'Seen' };
    await service.ask(
      'mutation ($input: AcceptReviewItemInput!) { acceptReviewItem(input: $input) { id } }',
      {
        input,
      },
    );
    expect(await service.sql('SELECT id FROM attendances')).toEqual([{ id: ids[0] }]);
    expect(photos.filter((path) => !existsSync(file(path)))).toEqual([]);
    expect(await service.app.sweep()).toBe(0);
  });

  it('knows the time of a lost punch from its id if the photo was copied from a backup', async () => {
    await service.reset();
    await register(service);
    await check(service);
    await service.sql('DELETE FROM attendances');
    const path = mediaFiles(service.storage).find((each) => each.startsWith('attendance_images')) ?? '';
    const madeAt = Date.now() - 36_000_000;
    const copy = `media/${dirname(path)}/${uuidv7({ msecs: madeAt })}.jpg`;
    renameSync(file(`media/${path}`), file(copy));
    setBack(copy, 300);
    expect(await service.app.sweep()).toBe(0);
    const { reviewItems } = await service.ask<{ reviewItems: { nodes: { receivedAt: string }[] } }>(
      '{ reviewItems { nodes { receivedAt } } }',
    );
    expect(reviewItems.nodes).toEqual([{ receivedAt: new Date(madeAt).toISOString() }]);
  });

  it('keeps the photo of an enrolment that a database that was set back lacks', async () => {
    await service.reset();
    await register(service);
    setBack('media/face_images/EMP-1.jpg', 600);
    await service.sql('UPDATE employees SET image_path = NULL, employee_id = $1', ['EMP-0']);
    expect(await service.app.sweep()).toBe(0);
    expect(existsSync(file('media/face_images/EMP-1.jpg'))).toBe(true);
  });

  it('removes nothing once the database is another one', async () => {
    await service.reset();
    put('media/face_images/NOBODY.jpg', 600);
    const [row] = await service.sql<{ id: string }>('SELECT id FROM installation');
    await service.sql('UPDATE installation SET id = gen_random_uuid()');
    expect(await service.app.sweep()).toBe(0);
    await service.sql('UPDATE installation SET id = $1', [row?.id]);
    expect(await service.app.sweep()).toBe(1);
  });
});

it('housekeeping removes nothing from a DATA_DIR that meets the database of another installation', async () => {
  // As when DATABASE_URL is forgotten for one start: photos of which this database knows nothing.
  const storage = await createStorage();
  writeFileSync(join(storage.dataDir, 'installation-id'), `${uuidv7()}\n`);
  const face = join(storage.dataDir, 'media/face_images/EMP-1.jpg');
  mkdirSync(dirname(face), { recursive: true });
  writeFileSync(face, 'a photo');
  const time = new Date(Date.now() - 10 * 3_600_000);
  utimesSync(face, time, time);
  const service = await TestService.start({ storage, uploadTiming: FAST_UPLOADS });
  try {
    await register(service, { employeeId: 'EMP-2', ...collins });
    const { id } = await erase(service, 'EMP-2', false);
    await service.app.settle();
    const waiting = await erasureOf(service, id);
    expect(waiting).toMatchObject({ status: 'REQUESTED', remaining: { photos: 1 } });
    expect(waiting.lastError).toContain('DATA_DIR contains the photos of another database');
  } finally {
    await service.stop();
    // Stopped, it has ended its look at the files, which begins with the start.
    expect(existsSync(face)).toBe(true);
    await storage.remove();
  }
});
