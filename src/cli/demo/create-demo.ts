import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import type { Config } from '../../config/config';
import { Statements } from '../../database/statements';
import { DemoData } from './demo-data';
import { DemoFault } from './demo-fault';
import { DemoIds } from './demo-ids';
import { EmployeeService } from '../../services/employees/employee-service';
import { EnrolmentFaces } from '../../services/employees/enrolment/enrolment-faces';
import { RegistrationService } from '../../services/employees/enrolment/registration-service';
import { TemplateChanges } from '../../services/employees/enrolment/template-changes';
import { ErasureService } from '../../services/privacy/erasure/erasure-service';
import { ErasureWorker } from '../../services/privacy/erasure/erasure-worker';
import { OfficeService } from '../../services/offices/office-service';
import { ReplayGuard } from '../../services/faces/replay/replay-guard';
import { Housekeeping } from '../../services/photos/local/housekeeping';
import { belongTogether } from '../../services/photos/local/installation';
import { LocalStore } from '../../services/photos/local/local-store';
import { UPLOAD_TIMING } from '../../services/photos/cdn/upload-timing';
import { requireKeys } from '../../services/encryption/key-check';
import { KeyRing } from '../../services/encryption/key-ring';
import { KeyUse } from '../../services/encryption/key-use';
import { PhotoVault } from '../../services/photos/local/photo-vault';
import { TemplateVault } from '../../services/faces/matching/template-vault';
import { createFaces } from '../../services/faces/create-faces';
import { createPhotos } from '../../services/photos/create-photos';

/** Somebody watches the erasures of the demo. */
const TIMING = { ...UPLOAD_TIMING, pollMs: 100 };

export interface DemoParts {
  readonly dataSource: DataSource;
  readonly photo: (name: string) => Promise<Buffer>;
  readonly timeZone: string;
  readonly now: () => Date;
  readonly log: Logger;
}

export interface Demo {
  readonly data: DemoData;
  /** Works off erasures in this process, until it is closed: nobody else may be running. */
  startErasing(): void;
  close(): Promise<void>;
}

/** The services that the demo needs, on a migrated database; beside the service's own it is another node. */
export async function createDemo(config: Config, parts: DemoParts): Promise<Demo> {
  const { dataSource, photo, timeZone, now, log } = parts;
  const keys = config.encryption === null ? null : new KeyRing(config.encryption);
  const vault = new TemplateVault(keys);
  const local = new LocalStore(config.dataDir, new PhotoVault(keys, config.encryptMedia));
  await local.open();
  // Photos that are not here would count as removed, and erasures of real people as complete.
  if (!(await belongTogether(dataSource, config.dataDir, { mayClaim: await isEmpty(dataSource) }))) {
    throw new DemoFault(
      'DATA_DIR does not hold the photos of this database. Set DATA_DIR and DATABASE_URL as the service has them.',
    );
  }
  const keyUse = keys && new KeyUse(dataSource, keys.current.id, log);
  await requireKeys(dataSource, keys, async (manager) => keyUse?.begin(manager));

  const faces = createFaces(config, dataSource, vault, log);
  const { model, galleries, gallerySync, matching, engine, reader } = faces;
  const { storage, clouds, cdnPlace, discarded, orphans } = await createPhotos(config, {
    dataSource,
    local,
    publicUrl: () => '',
    timing: TIMING,
    now,
    log,
  });
  await gallerySync.load();
  const offices = new OfficeService(dataSource);
  const changes = new TemplateChanges(dataSource, gallerySync, matching, log);
  const registration = new RegistrationService({
    storage,
    offices,
    employees: new EmployeeService(dataSource, offices),
    changes,
    faces: new EnrolmentFaces(storage, reader, model, config.faceSamePersonMin),
    // Off: people who try the demo may show its photos again.
    replays: new ReplayGuard({ dataSource, key: null, windowDays: 0, now }),
    vault,
    consentRequired: config.requireConsent,
    now,
  });
  const housekeeping = new Housekeeping({ local, orphans, purges: [], log, now });
  const eraser = new ErasureWorker({
    dataSource,
    local,
    orphans,
    sweptAll: () => housekeeping.sweptAll,
    cdn: cdnPlace,
    timing: TIMING,
    now,
    log,
  });
  const data = new DemoData(
    {
      dataSource,
      statements: new Statements(dataSource),
      storage,
      reader,
      matching,
      photo,
      registration,
      offices,
      erasures: new ErasureService(dataSource, changes, (ref, image) => storage.discardOf(ref, image), now),
      orphans,
      timeZone,
      now,
    },
    await DemoIds.read(dataSource),
  );
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
      await Promise.all([galleries.close(), engine?.close()]);
      await keyUse?.end();
    },
  };
}

async function isEmpty(dataSource: DataSource): Promise<boolean> {
  const rows = await dataSource.query<unknown[]>(
    'SELECT 1 WHERE EXISTS (SELECT FROM employees) OR EXISTS (SELECT FROM attendances) OR EXISTS (SELECT FROM erasures)',
  );
  return rows.length === 0;
}
