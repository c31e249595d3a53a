import type { AddressInfo } from 'node:net';
import type { DataSource } from 'typeorm';
import { createDataSource } from '../ormconfig';
import type { Config } from './config/config';
import { createLoaders } from './context';
import { postgresOptions } from './database/connection';
import { NotificationListener } from './database/listener';
import { migrate } from './database/migrate';
import { Statements } from './database/statements';
import { Authenticator } from './http/hooks/authenticator';
import { createFormatter } from './http/graphql/format-error';
import { createApolloServer } from './http/graphql/apollo-server';
import { PersistedOperations } from './http/graphql/persisted-operations';
import { RateLimits } from './http/hooks/rate-limits';
import type { NoteRefusedAccess } from './http/hooks/refused-access';
import { createHttpServer } from './http/server';
import { createLogger } from './logger';
import { ApiKeyResolver } from './resolvers/api-key.resolver';
import { AttendanceResolver } from './resolvers/attendance/attendance.resolver';
import { AuditResolver } from './resolvers/audit.resolver';
import { ChallengeResolver } from './resolvers/challenge.resolver';
import { EmployeeLifeResolver } from './resolvers/employees/employee-life.resolver';
import { EmployeeResolver } from './resolvers/employees/employee.resolver';
import { EncryptionResolver } from './resolvers/encryption.resolver';
import { ErasureResolver } from './resolvers/erasure.resolver';
import { FaceTemplateResolver } from './resolvers/employees/face-template.resolver';
import { KioskResolver } from './resolvers/kiosk.resolver';
import { LockoutResolver } from './resolvers/lockout.resolver';
import { ManualAttendanceResolver } from './resolvers/attendance/manual-attendance.resolver';
import { MatchingReportResolver } from './resolvers/matching-report/matching-report.resolver';
import { OfficeResolver } from './resolvers/office.resolver';
import { PunchFeedResolver } from './resolvers/attendance/punch-feed.resolver';
import { createSchema, instancesOf } from './resolvers/schema';
import { StorageResolver } from './resolvers/storage.resolver';
import { ApiKeyService } from './services/access/api-key-service';
import { KeyLookup } from './services/access/key-lookup';
import { KioskPairingService } from './services/access/kiosk-pairing-service';
import { LockoutService } from './services/access/lockout-service';
import { TokenVerifier } from './services/access/token-verifier';
import { ActivityService } from './services/employees/activity-service';
import { AuditList } from './services/audit/audit-list';
import { AuditNotes } from './services/audit/audit-notes';
import { AttendanceLists } from './services/attendance/punches/attendance-lists';
import { AttendanceService } from './services/attendance/attendance-service';
import { CheckAdmission } from './services/attendance/check/check-admission';
import { FaceCheck } from './services/attendance/check/face-check';
import { LivenessCheck } from './services/attendance/check/liveness-check';
import { ManualAttendance } from './services/attendance/punches/manual-attendance';
import { PUNCH_CHANNEL, PunchFeed } from './services/attendance/punches/punch-feed';
import { PunchRecorder } from './services/attendance/punches/punch-recorder';
import { RefusedChecks } from './services/attendance/check/refused-checks';
import { CalibrationService } from './services/reports/calibration/calibration-service';
import { ChallengeService } from './services/attendance/check/challenge-service';
import { ConsentService } from './services/employees/consent-service';
import { EmployeeService } from './services/employees/employee-service';
import { decisiveModel } from './services/faces/engine/face-model-ids';
import { GALLERY_CHANNEL } from './services/faces/matching/gallery-sync';
import type { DiscardOf } from './services/employees/enrolment/drop-faces';
import { EnrolmentFaces } from './services/employees/enrolment/enrolment-faces';
import { RegistrationService } from './services/employees/enrolment/registration-service';
import { TemplateChanges } from './services/employees/enrolment/template-changes';
import { TemplateService } from './services/employees/enrolment/template-service';
import { erasureProgress } from './services/privacy/erasure/erasure-progress';
import { ErasureService } from './services/privacy/erasure/erasure-service';
import { ErasureWorker } from './services/privacy/erasure/erasure-worker';
import { ExportArchive } from './services/privacy/export/export-archive';
import { ExportTickets } from './services/privacy/export/export-tickets';
import { OfficeService } from './services/offices/office-service';
import { ReplayGuard } from './services/faces/replay/replay-guard';
import { RetentionService } from './services/privacy/retention/retention-service';
import { loadSecret } from './services/encryption/secrets';
import { Housekeeping, type Purge } from './services/photos/local/housekeeping';
import { belongTogether } from './services/photos/local/installation';
import { LocalStore } from './services/photos/local/local-store';
import { UPLOAD_TIMING, type UploadTiming } from './services/photos/cdn/upload-timing';
import { requireKeys } from './services/encryption/key-check';
import { KeyRing } from './services/encryption/key-ring';
import { KeyUse } from './services/encryption/key-use';
import { KeyRotation } from './services/encryption/key-rotation';
import { PhotoRotation, photoTarget } from './services/photos/local/photo-rotation';
import { PhotoVault } from './services/photos/local/photo-vault';
import { RotationService } from './services/encryption/rotation-service';
import { TemplateRotation } from './services/faces/matching/template-rotation';
import { TemplateVault } from './services/faces/matching/template-vault';
import { createFaces } from './services/faces/create-faces';
import { createPhotos } from './services/photos/create-photos';

export interface App {
  /** Begins to listen. @returns the address as the service names itself, e.g. http://localhost:4000 */
  listen(): Promise<string>;
  /** Takes nothing new, finishes what is in flight, and closes everything. */
  close(): Promise<void>;
  /** Deletes rows whose time is over, and files without a row, now; otherwise it happens every hour. @returns how many files */
  sweep(): Promise<number>;
  /** Does now what is due in the background (uploads, removals, erasures) and writes what is gathered for the audit trail. */
  settle(): Promise<void>;
  /** The open database. */
  readonly dataSource: DataSource;
}

interface AppOptions {
  /** The embedded database cannot go on; the process has to be started anew. */
  readonly onFatal?: (error: Error) => void;
  /** The clock; tests set it. */
  readonly now?: () => Date;
  /** The paces of uploads; tests go faster. */
  readonly uploadTiming?: UploadTiming;
}

/** The composition root: everything is built here, once, from the configuration. Opens and migrates the database. */
export async function createApp(
  config: Config,
  { onFatal = fail, now = () => new Date(), uploadTiming = UPLOAD_TIMING }: AppOptions = {},
): Promise<App> {
  const log = createLogger(config.logLevel);
  const { access } = config;
  const { persistedOperations: manifest } = access;
  // Before anything is opened: a list that cannot be read is a fault of the configuration.
  const persisted = manifest === null ? null : await PersistedOperations.load(manifest);
  const keys = config.encryption === null ? null : new KeyRing(config.encryption);
  const vault = new TemplateVault(keys);
  const local = new LocalStore(config.dataDir, new PhotoVault(keys, config.encryptMedia));
  await local.open();

  const dataSource = await createDataSource(config, { onFatal }).initialize();
  const ran = await migrate(dataSource);
  if (ran.length > 0) log.info({ migrations: ran }, 'Database migrated');
  const keyUse = keys && new KeyUse(dataSource, keys.current.id, log);
  await requireKeys(dataSource, keys, async (manager) => keyUse?.begin(manager)).catch(
    async (error: unknown) => {
      await dataSource.destroy();
      throw error;
    },
  );

  const { model, galleries, gallerySync, matching, engine, reader } = createFaces(
    config,
    dataSource,
    vault,
    log,
  );
  let address = config.publicUrl ?? `http://localhost:${config.port}`;
  const { addresses, ledger, clouds, cdnPlace, storage, uploader, discarded, orphans } = await createPhotos(
    config,
    {
      dataSource,
      local,
      publicUrl: () => address,
      timing: uploadTiming,
      now,
      log,
    },
  );
  const offices = new OfficeService(dataSource);
  const employees = new EmployeeService(dataSource, offices);
  const statements = new Statements(dataSource);
  const challenges = new ChallengeService(statements, offices, employees, reader.canProveLiveness, now);
  const keyLookup = new KeyLookup(statements, log, now);
  const lockouts = new LockoutService(dataSource, statements, employees, access.lockout, now);
  const { replayWindowDays: windowDays } = config;
  const key = windowDays > 0 ? await loadSecret(config.dataDir, 'replay') : null;
  const replays = new ReplayGuard({ dataSource, key, windowDays, now });
  const changes = new TemplateChanges(dataSource, gallerySync, matching, log);
  const faces = new EnrolmentFaces(storage, reader, model, config.faceSamePersonMin);
  const { requireConsent: consentRequired } = config;
  const registration = new RegistrationService({
    storage,
    offices,
    employees,
    changes,
    faces,
    replays,
    vault,
    consentRequired,
    now,
  });
  const templates = new TemplateService({
    storage,
    changes,
    matching,
    faces,
    replays,
    vault,
    samePersonMin: config.faceSamePersonMin,
    consentRequired,
    now,
  });
  const calibration = new CalibrationService(
    dataSource,
    vault,
    decisiveModel(config.faceDescriptorTrust, model.id),
    now,
  );
  const { encryptMedia } = config;
  const rotation = new RotationService(
    keys &&
      new KeyRotation({
        dataSource,
        keys,
        templates: new TemplateRotation(dataSource, keys, 'encrypted'),
        photos: new PhotoRotation(dataSource, local, keys, photoTarget(encryptMedia)),
      }),
    keys && keys.current.id,
    log,
  );
  const discardOf: DiscardOf = (ref, image) => storage.discardOf(ref, image);
  const activity = new ActivityService(changes, model, vault, now);
  const consents = new ConsentService(dataSource, changes, discardOf, now);
  const erasures = new ErasureService(dataSource, changes, discardOf, now);
  /** Why none is worked off. */
  let erasuresWait: string | null = null;
  const tickets = new ExportTickets(dataSource, now);
  const archive = new ExportArchive(dataSource, local, now);
  const retention = new RetentionService(dataSource, config.retention, cdnPlace, now);
  const apiKeys = new ApiKeyService(dataSource, offices, now);
  const pairings = new KioskPairingService({
    statements,
    offices,
    apiKeys,
    key: await loadSecret(config.dataDir, 'pairing'),
    now,
  });
  const purges: Purge[] = [
    () => challenges.purge(),
    (signal) => replays.purge(signal),
    () => lockouts.purge(),
    () => pairings.purge(),
    () => tickets.purge(),
    async (signal) => void (await retention.run(signal)),
  ];
  const notes = new AuditNotes(dataSource, log);
  const housekeeping = new Housekeeping({ local, orphans, purges, log, now });
  const eraser = new ErasureWorker({
    dataSource,
    local,
    orphans,
    sweptAll: () => housekeeping.sweptAll,
    cdn: cdnPlace,
    timing: uploadTiming,
    now,
    log,
  });
  const required = { challenge: config.requireChallenge, liveness: config.requireLiveness };
  const shared = config.databaseUrl !== null;
  const feed = new PunchFeed({ dataSource, statements, offices, shared, log });
  const announce = (id: string): void => feed.announce(id);
  const interval = config.punchMinIntervalSeconds;
  const attendance = new AttendanceService({
    reader,
    gallerySync,
    storage,
    admission: new CheckAdmission(challenges, required),
    liveness: new LivenessCheck(reader, matching, config.faceSamePersonMin),
    replays,
    faces: new FaceCheck(statements, matching, gallerySync, offices, lockouts),
    punches: new PunchRecorder(dataSource, statements, storage, interval, now, announce),
    lockouts,
    refused: new RefusedChecks(lockouts, notes, now),
    now,
    log,
  });

  const schema = await createSchema(
    instancesOf(
      new OfficeResolver(offices),
      new EmployeeLifeResolver(activity, consents, tickets, () => address),
      new ErasureResolver(erasures, async (erasure) => {
        const progress = await erasureProgress(dataSource.manager, erasure);
        return { ...progress, lastError: progress.lastError ?? erasuresWait };
      }),
      new ManualAttendanceResolver(new ManualAttendance(dataSource, now)),
      new AuditResolver(new AuditList(dataSource)),
      new EmployeeResolver(employees, registration, storage),
      new FaceTemplateResolver(templates),
      new MatchingReportResolver(calibration),
      new ApiKeyResolver(apiKeys),
      new AttendanceResolver(attendance, new AttendanceLists(dataSource), storage, access.exposeSimilarity),
      new ChallengeResolver(challenges),
      new KioskResolver(pairings, {
        requireChallenge: required.challenge || required.liveness,
        requireLiveness: required.liveness,
        computesDescriptors: engine !== null,
      }),
      new PunchFeedResolver(),
      new LockoutResolver(lockouts),
      new EncryptionResolver(rotation, (keyId, by) =>
        notes.note({
          action: 'encryption.rotate',
          outcome: 'OK',
          claimed: null,
          by,
          details: { keyId },
          at: now(),
        }),
      ),
      new StorageResolver(storage, ledger, discarded),
    ),
    feed,
  );
  const example = { withKey: config.adminApiKey !== null, describesFaces: engine !== null };
  const { introspection } = access;
  const similarities = access.exposeSimilarity === 'always';
  const noteRefused: NoteRefusedAccess = (place, by) => {
    const outcome = by.caller === 'anonymous' ? 'UNAUTHENTICATED' : 'FORBIDDEN';
    notes.noteByMinute({ action: 'access.refused', outcome, claimed: null, by, at: now() }, place);
  };
  const apollo = createApolloServer(schema, log, example, {
    introspection,
    similarities,
    persisted,
    noteRefused,
  });
  await apollo.start();
  const server = await createHttpServer({
    apollo,
    createLoaders: () => createLoaders(dataSource),
    authenticator: new Authenticator({
      adminApiKey: config.adminApiKey,
      keys: keyLookup,
      tokens: access.identityProvider && new TokenVerifier(access.identityProvider, now),
    }),
    rateLimits: new RateLimits(access.rateLimits),
    corsOrigins: access.corsOrigins,
    trustProxy: access.trustProxy,
    operationTimeoutMs: access.operationTimeoutMs,
    persisted,
    streams: {
      schema,
      limits: access.streams,
      formatError: createFormatter({ suggestions: introspection, similarities }),
    },
    publicUrl: config.publicUrl,
    maxImageBytes: config.maxImageBytes,
    local,
    addresses,
    notePhotoRead: (photo, by) =>
      notes.note({ action: 'photo.read', outcome: 'OK', claimed: null, photo, by, at: now() }),
    noteRefused,
    exports: {
      redeem: (token, from) => tickets.redeem(token, from),
      open: (subjectId) => archive.open(subjectId),
    },
    readiness: {
      database: () => dataSource.query('SELECT 1'),
      templates: () => (gallerySync.ready ? Promise.resolve() : Promise.reject(new Error('still loading'))),
      disk: () => local.writable(),
    },
    log,
  });

  // The embedded database has no other node that could notify this one.
  const listener =
    config.databaseUrl === null
      ? null
      : new NotificationListener({
          connection: postgresOptions(config.databaseUrl),
          channels: [GALLERY_CHANNEL, PUNCH_CHANNEL],
          // What is committed is asked for, not believed: other installations may share the channel.
          onNotify: (channel, id) => {
            if (channel === PUNCH_CHANNEL) return feed.hear(id);
            gallerySync.catchUp().catch((err: unknown) => {
              log.warn({ err }, 'Changed templates could not be loaded; the next check does it');
            });
          },
          onConnected: async () => {
            await gallerySync.catchUp();
            await feed.catchUp();
          },
          log,
        });

  return {
    async listen() {
      await server.listen({ host: config.host, port: config.port });
      if (config.publicUrl === null) {
        const { port } = server.server.address() as AddressInfo;
        address = `http://localhost:${port}`;
      }
      await gallerySync.load();
      const fromClients = config.faceDescriptorTrust === 'client' ? 0 : await gallerySync.clientTemplates();
      if (fromClients > 0) {
        log.warn(
          { templates: fromClients },
          'Faces that were enrolled with a descriptor of the client still decide; enrol them anew from photos',
        );
      }
      if (config.faceWarmStart) {
        await engine?.warm().catch((err: unknown) => {
          log.warn({ err }, 'The face workers did not start; the first photo tries again');
        });
      }
      listener?.start();
      if (storage.cdnConfigured) uploader.start();
      const ours = await belongTogether(dataSource, config.dataDir);
      if (ours) {
        discarded.poller.start();
        eraser.poller.start();
      } else {
        erasuresWait =
          'DATA_DIR holds the photos of another database; none of them is removed, and erasures wait. Is DATABASE_URL right?';
        log.error(erasuresWait);
      }
      housekeeping.start({ sweep: ours });
      return address;
    },
    async close() {
      // What goes on by itself is told at once; requests in flight are finished beside it.
      const work = [
        calibration.close(),
        rotation.close(),
        uploader.stop(),
        eraser.poller.stop(),
        discarded.poller.stop(),
      ];
      await Promise.all([...work, housekeeping.stop(), server.close()]);
      await listener?.stop();
      await notes.flush();
      clouds.close();
      await apollo.stop();
      await Promise.all([galleries.close(), engine?.close(), keyLookup.settle(), feed.settle()]);
      await keyUse
        ?.end()
        .catch((err: unknown) => log.warn({ err }, 'The end of this node could not be noted'));
      await dataSource.destroy();
    },
    async sweep() {
      await housekeeping.purge();
      return housekeeping.sweep();
    },
    async settle() {
      for (const work of [uploader, eraser.poller, discarded.poller, eraser.poller]) await work.run();
      await Promise.all([notes.flush(), keyLookup.settle(), feed.settle()]);
    },
    dataSource,
  };
}

function fail(error: Error): never {
  throw error;
}
