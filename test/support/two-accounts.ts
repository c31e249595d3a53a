import { CloudinaryStandIn } from './cloudinary-stand-in';
import { createStorage, type TestStorage } from './databases';
import { TestService } from './service';
import { cloudinaryEnv, FAST_UPLOADS } from './uploads';
import { until } from './until';
import { erasureOf, inDatabase, type Erasure } from './privacy';

type Env = Readonly<Record<string, string>>;

/** The uploads of every row that has none are due. */
export const UPLOADS_DUE = [
  'UPDATE attendances SET image_upload_next_at = now()',
  'UPDATE employees SET image_upload_next_at = now()',
];

const DUE = [
  `UPDATE discarded_images SET next_at = now(), cdn_after = now() WHERE next_at <> 'infinity'`,
  `UPDATE erasures SET next_at = now()`,
];

/** A service that moves from one Cloudinary account to another. */
export class TwoAccounts {
  service!: TestService;

  private constructor(
    readonly storage: TestStorage,
    readonly former: CloudinaryStandIn,
    readonly current: CloudinaryStandIn,
  ) {}

  static async open(): Promise<TwoAccounts> {
    const former = await CloudinaryStandIn.start({ cloudName: 'former' });
    const current = await CloudinaryStandIn.start({ cloudName: 'current' });
    return new TwoAccounts(await createStorage(), former, current);
  }

  async close(): Promise<void> {
    await this.service.stop();
    await Promise.all([this.former.stop(), this.current.stop()]);
    await this.storage.remove();
  }

  get onFormer(): Env {
    return cloudinaryEnv(this.former);
  }

  get onCurrent(): Env {
    return cloudinaryEnv(this.current);
  }

  /** Names the account of before besides. */
  get knowingFormer(): Env {
    const { apiKey, apiSecret, cloudName, url } = this.former;
    return {
      CLOUDINARY_FORMER_URLS: `cloudinary://${apiKey}:${apiSecret}@${cloudName}?upload_prefix=${url}`,
    };
  }

  async start(env: Env): Promise<void> {
    this.service = await TestService.start({
      storage: this.storage,
      env: { PUNCH_MIN_INTERVAL_SECONDS: '0', ...env },
      uploadTiming: FAST_UPLOADS,
    });
  }

  /** In the running service's own database: nobody else may open the embedded one. */
  async sql(...statements: readonly string[]): Promise<void> {
    for (const statement of statements) await this.service.sql(statement);
  }

  /**
   * With whatever waits for a moment due at once, and more done to the rows in between. The former account works again
   * from then on, not earlier: the service that ends would upload once more.
   */
  async restart(env: Env, ...statements: readonly string[]): Promise<void> {
    await this.service.app.close();
    this.former.failWith(null);
    await inDatabase(this.storage, async (dataSource) => {
      for (const statement of [...statements, ...DUE]) await dataSource.query(statement);
    });
    await this.start(env);
  }

  /** Resolves once the erasure says why it waits. */
  waiting(id: string, text: string): Promise<Erasure> {
    return until(
      () => erasureOf(this.service, id),
      ({ lastError }) => lastError?.includes(text) === true,
    );
  }
}
