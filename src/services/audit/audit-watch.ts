import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { Poller } from '../../database/poller';
import { HeadFile, isIn, type Head } from './head-file';

/** How often the end of the trail is looked at. */
const EVERY_MS = 10_000;
/** The log gets the end after so many events or so long, whichever comes first. */
const LOG_EVENTS = 1000;
const LOG_MS = 3_600_000;

/**
 * Keeps the end of the audit trail outside of the database, in the log and in DATA_DIR/audit-head: it shows if somebody deletes
 * the last events and resets the recorded end to an earlier, signed one.
 */
export class AuditWatch {
  readonly poller: Poller;
  private readonly file: HeadFile;
  private logged: (Head & { readonly at: number }) | null = null;
  private complained = false;

  constructor(
    private readonly parts: {
      readonly dataSource: DataSource;
      readonly dataDir: string;
      readonly now: () => Date;
      readonly log: Logger;
    },
  ) {
    this.file = new HeadFile(parts.dataDir);
    this.poller = new Poller(
      () => this.look(),
      (err) => parts.log.warn({ err }, 'Could not record the end of the audit trail; will retry'),
      EVERY_MS,
    );
  }

  /** Records the end a last time. Never throws. */
  async stop(): Promise<void> {
    await this.poller.run();
    await this.poller.stop();
  }

  private async look(): Promise<void> {
    const { dataSource, log, now } = this.parts;
    const [row] = await dataSource.query<{ id: string; sequence: string; hash: Buffer }[]>(
      'SELECT i.id, c.sequence, c.hash FROM audit_chain c, installation i WHERE c.id = 1',
    );
    if (row === undefined) return;
    const head: Head = { sequence: Number(row.sequence), hash: row.hash.toString('hex') };
    const known = await this.file.read(row.id);
    if (known !== null && !(await isIn(dataSource.manager, known))) {
      // Once is enough, and the file stays: npm run audit:verify reports it.
      if (!this.complained) log.error({ known, head }, GONE);
      this.complained = true;
    } else if (known === null || known.sequence < head.sequence) {
      await this.file.write(row.id, head);
    }
    const at = now().getTime();
    const { logged } = this;
    const due =
      logged === null ||
      head.sequence - logged.sequence >= LOG_EVENTS ||
      (at - logged.at >= LOG_MS && head.sequence !== logged.sequence);
    if (!due) return;
    this.logged = { ...head, at };
    log.info(head, 'End of the audit trail; npm run audit:verify -- --end <sequence>:<hash> verifies it');
  }
}

const GONE =
  'The audit trail does not contain the event that was its last one before: events were deleted, or a backup was restored. npm run audit:verify says more';
