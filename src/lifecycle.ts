import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Areas } from './areas';
import type { Base } from './base';
import type { Http } from './http/create-http';
import { listenForMetrics } from './http/routes/metrics';
import { listenToNodes } from './node-notices';
import { belongTogether } from './services/photos/local/installation';

const FOREIGN_PHOTOS =
  'DATA_DIR contains the photos of another database. They are not deleted, and erasures wait. Check DATABASE_URL';

/** When what starts, and when what ends. */
export class Lifecycle {
  private metricsServer: Server | null = null;
  private readonly notices: ReturnType<typeof listenToNodes>;

  constructor(
    private readonly base: Base,
    private readonly areas: Areas,
    private readonly http: Http,
  ) {
    this.notices = listenToNodes(base, areas);
  }

  /** @returns the port */
  async listen(): Promise<number> {
    const { host, port } = this.base.config.http;
    const { server } = this.http;
    await server.listen({ host, port });
    const { port: metricsPort, token } = this.base.config.metrics;
    if (metricsPort !== null || token !== null) this.base.metrics.watchProcess();
    if (metricsPort !== null) this.metricsServer = await listenForMetrics(this.base.metrics, metricsPort);
    return (server.server.address() as AddressInfo).port;
  }

  /** Begins the work in the background. */
  async begin(): Promise<void> {
    const { config, dataSource, log } = this.base;
    const { photos, privacy } = this.areas;
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
  }

  /** Takes nothing new, finishes what is in flight, and closes everything. */
  async stop(): Promise<void> {
    const { dataSource, log } = this.base;
    this.metricsServer?.closeAllConnections();
    this.metricsServer?.close();
    const { access, attendance, audit, days, encryption, faces, photos, privacy, reports, rotation } =
      this.areas;
    // What goes on by itself is told at once; requests in flight are finished beside it.
    const work = [photos.uploader, privacy.eraser.poller, photos.discarded.poller, photos.housekeeping];
    const finished = [...work.map((each) => each.stop()), photos.copyChecks?.stop()];
    await Promise.all([...finished, reports.calibration.close(), rotation.close(), this.http.server.close()]);
    await this.notices?.stop();
    await audit.notes.flush();
    photos.clouds.close();
    await this.http.apollo.stop();
    await Promise.all([faces.galleries.close(), faces.engine?.close(), days.threads.close()]);
    await Promise.all([access.keyLookup.settle(), attendance.feed.settle()]);
    await encryption.keyUse
      ?.end()
      .catch((err: unknown) => log.warn({ err }, 'Could not record the stop of this node'));
    await this.base.writeProof.close();
    await dataSource.destroy();
  }

  /** Does now what is due in the background. */
  async settle(): Promise<void> {
    const { access, attendance, audit, photos, privacy } = this.areas;
    // Twice: the second finds that what the first asked for is removed.
    const { poller: eraser } = privacy.eraser;
    for (const work of [photos.uploader, eraser, photos.discarded.poller, eraser]) await work.run();
    await Promise.all([audit.notes.flush(), access.keyLookup.settle(), attendance.feed.settle()]);
  }

  private async startFaces(): Promise<void> {
    const { config, log } = this.base;
    const { gallerySync, engine } = this.areas.faces;
    await gallerySync.load();
    const { descriptorTrust, warmStart } = config.faces;
    const templates = descriptorTrust === 'client' ? 0 : await gallerySync.clientTemplates();
    if (templates > 0) {
      log.warn(
        { templates },
        'Some faces were enrolled with a client descriptor and can still match. Enrol them again from photos',
      );
    }
    if (!warmStart) return;
    await engine?.warm().catch((err: unknown) => {
      log.warn({ err }, 'Could not start the face workers; the first photo tries again');
    });
  }
}
