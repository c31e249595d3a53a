import type { Areas } from '../areas';
import type { Base } from '../base';
import { withDeadline } from '../deadline';
import { unavailable } from '../errors';

/** What a database that does not answer may hold up the other values. */
const DEADLINE_MS = 2000;
/** Two values come of one query. */
const FRESH_MS = 1000;

/** The part of a pool that both databases have. */
interface PoolCounts {
  readonly totalCount?: number;
  readonly idleCount?: number;
  readonly waitingCount: number;
}

/** Adds what is read when Prometheus asks: queues, uploads, review items, gallery, pool. */
export function addGauges({ metrics, dataSource }: Base, { attendance, faces, photos }: Areas): void {
  const { engine, galleries, gallerySync } = faces;
  metrics.gauge(
    'rollcall_face_queue',
    'Photos that wait for a face worker or are with one.',
    () => engine?.queueSize ?? 0,
  );
  metrics.gauge(
    'rollcall_gallery_templates',
    'Vectors in memory: client descriptors, and one mean for each employee.',
    () => galleries.size,
  );
  metrics.gauge(
    'rollcall_gallery_version',
    'Version of the gallery in memory; all nodes have the same.',
    () => gallerySync.point?.version ?? 0,
  );
  const pool = (dataSource.driver as unknown as { master: PoolCounts }).master;
  metrics.gauge(
    'rollcall_database_pool_connections',
    'Open database connections.',
    () => pool.totalCount ?? 1,
  );
  metrics.gauge(
    'rollcall_database_pool_idle',
    'Open database connections that nobody uses.',
    () => pool.idleCount ?? NaN,
  );
  metrics.gauge(
    'rollcall_database_pool_waiting',
    'Queries that wait for a connection.',
    () => pool.waitingCount,
  );

  const inTime = <T>(work: Promise<T>): Promise<T> =>
    withDeadline(work, DEADLINE_MS, () => {
      throw unavailable('The database did not answer in time');
    });
  metrics.gauge('rollcall_review_items', 'Review items that wait for a decision.', () =>
    inTime(attendance.reviews.pendingCount()),
  );

  let asked = -Infinity;
  let counts: ReturnType<typeof photos.ledger.counts>;
  const uploads = (): typeof counts => {
    if (performance.now() - asked < FRESH_MS) return counts;
    asked = performance.now();
    counts = inTime(photos.ledger.counts());
    return counts;
  };
  metrics.gauge(
    'rollcall_uploads_pending',
    'Photos that are still to be uploaded.',
    async () => (await uploads()).pending,
  );
  metrics.gauge(
    'rollcall_uploads_failed',
    'Photos whose upload was given up.',
    async () => (await uploads()).failed,
  );
}
