import type { Logger } from 'pino';
import { In, MoreThan, type DataSource, type FindOptionsWhere, type Repository } from 'typeorm';
import { validate as isUuid } from 'uuid';
import type { Statements } from '../../../database/statements';
import { Attendance } from '../../../entities/attendance.entity';
import type { OfficeService } from '../../offices/office-service';
import { IdBatches } from './id-batches';
import { PunchQueue } from './punch-queue';

/** The NOTIFY channel on which nodes notify each other of punches. */
export const PUNCH_CHANNEL = 'rollcall_punches';

const NOTIFY = 'SELECT pg_notify($1, id) FROM unnest($2::text[]) id';
/** Punches that wait to be published or loaded: minutes of the busiest hour. */
const MAX_WAITING = 1000;
/** Published punches to remember: more than can arrive twice. */
const MAX_PUBLISHED = 2000;
/** How far the clocks of nodes may be apart, and how long a punch may take from its id to its row. */
const MARGIN_MS = 60_000;

interface PunchFeedOptions {
  readonly dataSource: DataSource;
  readonly statements: Statements;
  readonly offices: OfficeService;
  /** Whether there may be other nodes. They hear of punches by NOTIFY, as this one does. */
  readonly shared: boolean;
  readonly log: Logger;
}

/**
 * Publishes each punch of any node to the subscribers. Nothing waits for it: a punch that could not be published is still
 * recorded.
 */
export class PunchFeed {
  private readonly watchers = new Set<PunchQueue>();
  private readonly attendances: Repository<Attendance>;
  private readonly announced: IdBatches;
  private readonly heard: IdBatches;
  /** Oldest first. */
  private readonly published = new Set<string>();
  /** Up to when nothing was missed. */
  private heardAt = Date.now();

  constructor(private readonly options: PunchFeedOptions) {
    this.attendances = options.dataSource.getRepository(Attendance);
    this.announced = new IdBatches(this.notify.bind(this), MAX_WAITING);
    this.heard = new IdBatches(this.loadHeard.bind(this), MAX_WAITING);
  }

  /** To be called once a punch is in the database. Returns at once. */
  announce(id: string): void {
    if (this.options.shared) this.announced.add(id);
    else this.hear(id);
  }

  /** A punch was recorded on some node. @param id anything: other installations may share the channel */
  hear(id: string): void {
    if (!isUuid(id)) return;
    this.heardAt = Date.now();
    if (this.watchers.size > 0) this.heard.add(id);
  }

  /** Publishes the punches that were missed while the connection was lost. */
  async catchUp(): Promise<void> {
    const at = Date.now();
    if (this.watchers.size > 0) await this.load({ id: MoreThan(firstIdOf(this.heardAt - MARGIN_MS)) });
    this.heardAt = Math.max(this.heardAt, at);
  }

  /**
   * Punches from now on. The subscriber must ask for the next one soon, or stop.
   * @param officeId punches of this office; null: all. If the office does not exist, the first `next` rejects with
   *   NOT_FOUND
   */
  watch(officeId: string | null): AsyncIterableIterator<Attendance> {
    const { offices } = this.options;
    let looked: Promise<unknown> | null = null;
    const ready = (): Promise<unknown> =>
      (looked ??= officeId === null ? Promise.resolve() : offices.get(officeId, 'officeId'));
    const queue = new PunchQueue(officeId?.toLowerCase() ?? null, ready, () => this.watchers.delete(queue));
    this.watchers.add(queue);
    return queue;
  }

  /** Waits until all announced punches are published. */
  async settle(): Promise<void> {
    await Promise.all([this.announced.settle(), this.heard.settle()]);
  }

  private async notify(ids: readonly string[]): Promise<void> {
    const { statements, log } = this.options;
    await statements.run('announce-punches', NOTIFY, [PUNCH_CHANNEL, ids]).catch((err: unknown) => {
      log.warn({ err }, 'Some recorded punches could not be published to subscribers');
    });
  }

  private async loadHeard(ids: readonly string[]): Promise<void> {
    await this.load({ id: In([...ids]) }).catch((err: unknown) => {
      this.options.log.warn({ err }, 'Some recorded punches could not be published to subscribers');
    });
  }

  private async load(where: FindOptionsWhere<Attendance>): Promise<void> {
    const punches = await this.attendances.find({ where, order: { id: 'ASC' }, take: MAX_WAITING });
    for (const punch of punches) this.publish(punch);
  }

  private publish(punch: Attendance): void {
    if (this.published.has(punch.id)) return;
    this.published.add(punch.id);
    for (const oldest of this.published) {
      if (this.published.size <= MAX_PUBLISHED) break;
      this.published.delete(oldest);
    }
    for (const watcher of this.watchers) {
      if (watcher.officeId === null || watcher.officeId === punch.officeId) watcher.push(punch);
    }
  }
}

/** The ids of punches are UUIDs of version 7, which begin with the time in milliseconds. */
function firstIdOf(ms: number): string {
  const hex = ms.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}
