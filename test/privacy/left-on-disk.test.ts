/**
 * Real: PostgreSQL where there is one, the disk. Fake: a disk that ignores case (as of macOS, Windows and SMB), by folding
 * the names; the end of the sweep.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import type { Erasure } from '../../src/entities/erasure.entity';
import { leftOnDisk } from '../../src/services/privacy/erasure/prove-erasure';
import { LocalStore } from '../../src/services/photos/local/local-store';
import { Orphans } from '../../src/services/photos/local/orphans';
import { openDataSource } from '../support/data-source';
import { createStorage, type TestStorage } from '../support/databases';

const SUBJECT = '01900000-0000-7000-8000-000000000001';
const NEWCOMER = '01900000-0000-7000-8000-000000000002';
const never = new AbortController().signal;

/** A name in any case finds the file. */
class CaseBlindStore extends LocalStore {
  override remove(path: string): Promise<void> {
    return super.remove(path.toLowerCase());
  }
  override modifiedAt(path: string): Promise<Date | null> {
    return super.modifiedAt(path.toLowerCase());
  }
}

describe('what is left on disk', () => {
  let storage: TestStorage;
  let dataSource: DataSource;
  let local: LocalStore;
  const erasure = {
    id: '01900000-0000-7000-8000-00000000000e',
    subjectId: SUBJECT,
    keepAttendance: false,
    requestedAt: new Date(),
  } as Erasure;
  const left = (swept = true): Promise<string | null> => {
    const orphans = new Orphans(dataSource, local);
    const disk = { dataSource, local, orphans, sweptAll: () => swept, now: () => new Date() };
    return leftOnDisk(disk, erasure, never);
  };

  beforeAll(async () => {
    storage = await createStorage();
    dataSource = await openDataSource(storage);
    local = new CaseBlindStore(storage.dataDir);
    await local.open();
    await dataSource.query(
      `INSERT INTO erasures (id, subject_id, keep_attendance, requested_by, requested_at) VALUES ($1, $2, false, 'open', now())`,
      [erasure.id, SUBJECT],
    );
    await dataSource.query(
      `INSERT INTO discarded_images (id, path, local_removed, cdn_removed, subject_id, erasure_id)
       VALUES (gen_random_uuid(), 'face_images/EMP-1.jpg', true, true, $1, $2)`,
      [SUBJECT, erasure.id],
    );
    mkdirSync(join(storage.dataDir, 'media/face_images'), { recursive: true });
  });
  afterAll(async () => {
    await dataSource.destroy();
    await storage.remove();
  });

  it('is not known before everything was looked through', async () => {
    expect(await left(false)).toBe('Looking for files that a crash may have left');
    expect(await left()).toBeNull();
  });

  it('is not the photo of somebody who came in with the same employeeId in another case', async () => {
    const file = join(storage.dataDir, 'media/face_images/emp-1.jpg');
    await dataSource.query(
      `INSERT INTO employees (id, name, name_key, employee_id, employee_id_key, active, created_at, image_path)
       VALUES ($1, 'New', 'new', 'emp-1', 'emp-1', true, now(), 'face_images/emp-1.jpg')`,
      [NEWCOMER],
    );
    writeFileSync(file, 'of the newcomer');
    expect(await left()).toBeNull();
    expect(existsSync(file)).toBe(true);
    await dataSource.query('DELETE FROM employees WHERE id = $1', [NEWCOMER]);
    // Of nobody it goes.
    await left();
    expect(existsSync(file)).toBe(false);
  });
});
