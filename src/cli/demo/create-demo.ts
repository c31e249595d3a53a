import type { DataSource } from 'typeorm';
import type { Base } from '../../base';
import { openAuditKeys } from '../../services/audit/open-audit-keys';
import { createEmployees } from '../../services/employees/create-employees';
import { createEncryption } from '../../services/encryption/create-encryption';
import { createFaces } from '../../services/faces/create-faces';
import { OfficeService } from '../../services/offices/office-service';
import { UPLOAD_TIMING } from '../../services/photos/cdn/upload-timing';
import { createPhotos } from '../../services/photos/create-photos';
import { belongTogether } from '../../services/photos/local/installation';
import { createPrivacy } from '../../services/privacy/create-privacy';
import { DemoData } from './demo-data';
import { OperatorError } from '../operator-error';
import { DemoIds } from './demo-ids';

/** Somebody watches the erasures of the demo. */
const TIMING = { ...UPLOAD_TIMING, pollMs: 100 };

interface DemoOptions {
  readonly photo: (name: string) => Promise<Buffer>;
  readonly timeZone: string;
}

export interface Demo {
  readonly data: DemoData;
  /** Works off erasures in this process, until it is closed: nobody else may be running. */
  startErasing(): void;
  close(): Promise<void>;
}

/** The areas that the demo needs, on a migrated database; beside the service's own it is another node. */
export async function createDemo(given: Base, { photo, timeZone }: DemoOptions): Promise<Demo> {
  // People who try the demo may show its photos again.
  const { checks } = given.config;
  const base = { ...given, config: { ...given.config, checks: { ...checks, replayWindowDays: 0 } } };
  const { config, dataSource, statements, now } = base;
  // Photos that are not here would count as removed, and erasures of real people as complete.
  if (!(await belongTogether(dataSource, config.dataDir, { mayClaim: await isEmpty(dataSource) }))) {
    throw new OperatorError(
      'DATA_DIR does not contain the photos of this database. Use the DATA_DIR and DATABASE_URL of the service.',
    );
  }
  const encryption = await createEncryption(base);
  await openAuditKeys(dataSource, { dataDir: config.dataDir, keys: encryption.keys, log: base.log });
  const photos = await createPhotos(base, encryption, { publicUrl: () => '', timing: TIMING });
  const faces = await createFaces(base, encryption);
  await faces.gallerySync.load();
  const offices = new OfficeService(dataSource);
  const employees = createEmployees(base, photos, faces, offices);
  const { erasures, eraser } = await createPrivacy(base, encryption, photos, employees);
  // The service deletes what is past its time; the demo only what is its own.
  photos.purges.length = 0;
  const { storage, orphans, housekeeping, discarded, clouds } = photos;
  const { reader, matching } = faces;
  const { registration } = employees;
  const parts = { dataSource, statements, storage, reader, matching, photo, registration, offices };
  const data = new DemoData({ ...parts, erasures, orphans, timeZone, now }, await DemoIds.read(dataSource));
  return {
    data,
    startErasing() {
      housekeeping.start();
      discarded.poller.start();
      eraser.poller.start();
    },
    async close() {
      await Promise.all([housekeeping.stop(), discarded.poller.stop(), eraser.poller.stop()]);
      clouds.close();
      await Promise.all([faces.galleries.close(), faces.engine?.close()]);
      await encryption.keyUse?.end();
    },
  };
}

async function isEmpty(dataSource: DataSource): Promise<boolean> {
  const rows = await dataSource.query<unknown[]>(
    'SELECT 1 WHERE EXISTS (SELECT FROM employees) OR EXISTS (SELECT FROM attendances) OR EXISTS (SELECT FROM erasures)',
  );
  return rows.length === 0;
}
