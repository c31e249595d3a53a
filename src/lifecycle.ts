import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Areas } from './areas';
import type { Base } from './base';
import type { Http } from './http/create-http';
import { listenForMetrics } from './http/routes/metrics';
import { listenToNodes } from './node-notices';
import { DatabasePause } from './services/backup/database-pause';
import { belongTogether } from './services/photos/local/installation';

const FOREIGN_PHOTOS =
  'DATA_DIR contains the photos of another database. They are not deleted, and erasures wait. Check DATABASE_URL';

const NOT_SAID = 'Could not record the stop of this node';

/** The order in which the parts of the service start and stop. */
export class Lifecycle {
  private metricsServer: Server | null = null;
  private readonly notices: ReturnType<typeof listenToNodes>;
  /** null: other processes reach the database without this one. */
  private readonly pause: DatabasePause | null;

  constructor(
    private readonly base: Base,
    private readonly areas: Areas,
    private readonly http: Http,
  ) {
    this.notices = listenToNodes(base, areas);
    const { config, dataSource, now, log } = base;
    const reachable = config.database.url !== null || process.platform === 'win32';
    this.pause = reachable ? null : new DatabasePause(dataSource, config.dataDir, now, log);
  }

  /** @returns the port */
  async listen(): Promise<number> {
    const { host, port } = this.base.config.http;
    const { server } = this.http;
    await this.eraseAgain();
    await server.listen({ host, port });
    const { port: metricsPort, token } = this.base.config.metrics;
    if (metricsPort !== null || token !== null) this.base.metrics.watchProcess();
    if (metricsPort !== null) this.metricsServer = await listenForMetrics(this.base.metrics, metricsPort);
    return (server.server.address() as AddressInfo).port;
  }

  /** Begins the work in the background. */
  async begin(): Promise<void> {
    const { config, dataSource, log } = this.base;
    const { audit, photos, privacy } = this.areas;
    await this.startFaces();
    this.notices?.start();
    if (photos.storage.cdnConfigured) photos.uploader.start();
    photos.copyChecks?.start();
    const ours = await belongTogether(dataSource, config.dataDir);
    if (ours) {
      photos.discarded.poller.start();
      privacy.eraser.poller.start();
    } else {
      privacy.holdErasures(FOREIGN_PHOTOS);
      log.error(FOREIGN_PHOTOS);
    }
    photos.housekeeping.start({ sweep: ours });
    await this.pause?.start();
    audit.watch.poller.start();
  }

  /** Takes nothing new, finishes what is in flight, and closes everything. */
  async stop(): Promise<void> {
    const { dataSource, log } = this.base;
    this.metricsServer?.closeAllConnections();
    this.metricsServer?.close();
    await this.pause?.stop();
    const { access, attendance, audit, days, encryption, faces, files, photos, privacy, reports, rotation } =
      this.areas;
    // Background work stops at once, while requests in flight are finished.
    const work = [
      faces.reindex.poller,
      photos.uploader,
      privacy.eraser.poller,
      photos.discarded.poller,
      photos.housekeeping,
    ];
    const finished = [...work.map((each) => each.stop()), photos.copyChecks?.stop()];
    await Promise.all([...finished, reports.calibration.close(), rotation.close(), this.http.server.close()]);
    await this.notices?.stop();
    await audit.notes.flush();
    await audit.watch.stop();
    photos.clouds.close();
    await this.http.apollo.stop();
    await Promise.all([
      ...[faces.galleries.close(), faces.engine?.close()],
      ...[days.threads.close(), files.close()],
    ]);
    await Promise.all([access.keyLookup.settle(), access.contacts.settle(), attendance.feed.settle()]);
    await privacy.erasureLog.end().catch((err: unknown) => log.warn({ err }, NOT_SAID));
    await Promise.all([encryption.keyUse?.end(), faces.modelUse?.end()]).catch((err: unknown) =>
      log.warn({ err }, NOT_SAID),
    );
    await this.base.writeProof.close();
    await dataSource.destroy();
  }

  /** Does now what is due in the background. */
  async settle(): Promise<void> {
    const { access, attendance, audit, photos, privacy } = this.areas;
    // Twice: the second finds that what the first asked for is removed.
    const { poller: eraser } = privacy.eraser;
    for (const work of [photos.uploader, eraser, photos.discarded.poller, eraser]) await work.run();
    await Promise.all([
      audit.notes.flush(),
      access.keyLookup.settle(),
      access.contacts.settle(),
      attendance.feed.settle(),
    ]);
  }

  /** Runs before requests are served: an erased person must neither punch nor be listed. */
  private async eraseAgain(): Promise<void> {
    const count = await this.areas.privacy.eraseAgain();
    if (count === 0) return;
    this.base.log.warn(
      { count },
      'Erased employees were in the database again, as after the restore of a backup. Their erasure was started again',
    );
  }

  private async startFaces(): Promise<void> {
    const { config, log } = this.base;
    const { gallerySync, reindex, engine, trust } = this.areas.faces;
    await gallerySync.load();
    await reindex.open();
    reindex.poller.start();
    const { warmStart } = config.faces;
    const templates = trust === 'client' ? 0 : await gallerySync.clientTemplates();
    if (templates > 0) {
      log.warn(
        { templates },
        'Some faces were enrolled with a client descriptor and can still match. Enrol them again from photos',
      );
    }
    if (!warmStart) return;
    await engine?.warm().catch((err: unknown) => {
      log.warn({ err }, 'Could not start the face workers; the first photo starts them');
    });
  }
}
