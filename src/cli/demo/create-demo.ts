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

/** Pause between two looks at pending erasures. Short, because somebody waits for them. */
const TIMING = { ...UPLOAD_TIMING, pollMs: 100 };

interface DemoOptions {
  readonly photo: (name: string) => Promise<Buffer>;
  readonly timeZone: string;
}

export interface Demo {
  readonly data: DemoData;
  /** Runs pending erasures in this process until `close`. No service may be running meanwhile. */
  startErasing(): void;
  close(): Promise<void>;
}

/** The areas that the demo needs, on a migrated database. To a running service it is another node. */
export async function createDemo(given: Base, { photo, timeZone }: DemoOptions): Promise<Demo> {
  // People who try the demo may show its photos again.
  const { checks } = given.config;
  const base = { ...given, config: { ...given.config, checks: { ...checks, replayWindowDays: 0 } } };
  const { config, dataSource, statements, now } = base;
  // A missing folder of photos would make erasures of real people look complete.
  if (!(await belongTogether(dataSource, config.dataDir, { mayClaim: await isEmpty(dataSource) }))) {
    throw new OperatorError(
      'DATA_DIR does not contain the photos of this database. Use the DATA_DIR and DATABASE_URL of the service.',
    );
  }
  const encryption = await createEncryption(base);
  await openAuditKeys(dataSource, { dataDir: config.dataDir, keys: encryption.keys, log: base.log });
  const photos = await createPhotos(base, encryption, { publicUrl: () => '', timing: TIMING });
  const faces = await createFaces(base, encryption, photos);
  await faces.gallerySync.load();
  await faces.reindex.open();
  const offices = new OfficeService(dataSource);
  const employees = createEmployees(base, photos, faces, offices);
  const { erasures, eraser } = await createPrivacy(base, encryption, photos, employees);
  // No retention: the demo deletes only its own data.
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
      await Promise.all([encryption.keyUse?.end(), faces.modelUse?.end()]);
    },
  };
}

async function isEmpty(dataSource: DataSource): Promise<boolean> {
  const rows = await dataSource.query<unknown[]>(
    'SELECT 1 WHERE EXISTS (SELECT FROM employees) OR EXISTS (SELECT FROM attendances) OR EXISTS (SELECT FROM erasures)',
  );
  return rows.length === 0;
}
