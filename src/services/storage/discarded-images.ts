import type { Logger } from 'pino';
import type { DataSource, EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { DiscardedImage } from '../../entities/discarded-image.entity';
import type { Cdn } from './cloudinary';
import type { LocalStore } from './local-store';

/** A photo that is let go of. */
export interface Discard {
  /** Of the local copy, below the media folder. */
  readonly path: string;
  /** The whole public id under which the CDN may have it; null: it cannot. */
  readonly cloudinaryId: string | null;
  /** For how long an upload of it may still be under way: one that lands after the removal would stay for ever. */
  readonly waitSeconds: number;
}

/** Has a photo removed from disk and CDN, once the transaction that lets go of it is committed. */
export async function discardImage(manager: EntityManager, discard: Discard): Promise<void> {
  const { path, cloudinaryId, waitSeconds } = discard;
  const nextAt = () => `now() + ${waitSeconds} * interval '1 second'`;
  await manager.insert(DiscardedImage, { id: uuidv7(), path, cloudinaryId, nextAt });
}

const BATCH = 10;
/** Between attempts where the CDN does not answer; also the time a node that took a removal has for it. */
const RETRY_SECONDS = 60;

/** Works off the photos that are to be removed. What remains is what the rows say, so nothing is forgotten. */
export class DiscardedImages {
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> | null = null;
  private stopped = false;

  constructor(
    private readonly dataSource: DataSource,
    private readonly local: LocalStore,
    /** null: no Cloudinary credentials. */
    private readonly cdn: Cdn | null,
    private readonly log: Logger,
    private readonly pollMs: number,
  ) {}

  start(): void {
    this.schedule(0);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    if (this.timer !== null) clearTimeout(this.timer);
    await this.running;
  }

  private schedule(delayMs: number): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.running = this.drain()
        .catch((err: unknown) => this.log.warn({ err }, 'Discarded photos could not be removed; tried again'))
        .finally(() => this.schedule(this.pollMs));
    }, delayMs);
    this.timer.unref();
  }

  private async drain(): Promise<void> {
    while (!this.stopped) {
      // Taken by moving the time ahead: no transaction stays open while the network is slow.
      const [taken] = await this.dataSource.query<
        [{ id: string; path: string; cloudinary_id: string | null }[], number]
      >(
        `UPDATE discarded_images SET next_at = now() + $2 * interval '1 second', attempts = attempts + 1
         WHERE id IN (SELECT id FROM discarded_images WHERE next_at <= now()
           ORDER BY next_at LIMIT $1 FOR UPDATE SKIP LOCKED)
         RETURNING id, path, cloudinary_id`,
        [BATCH, RETRY_SECONDS],
      );
      for (const { id, path, cloudinary_id: publicId } of taken) {
        if (this.stopped) return;
        try {
          await this.local.remove(path);
          if (publicId !== null) {
            // The row waits until there are credentials again.
            if (this.cdn === null) continue;
            await this.cdn.destroy(publicId);
          }
          await this.dataSource.query('DELETE FROM discarded_images WHERE id = $1', [id]);
        } catch (err) {
          this.log.warn({ err, path }, 'A discarded photo could not be removed; it is tried again');
        }
      }
      if (taken.length < BATCH) return;
    }
  }
}
