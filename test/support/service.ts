import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { createApp, type App } from '../../src/app';
import { loadConfig } from '../../src/config/config';
import type { UploadTiming } from '../../src/services/photos/cdn/upload-timing';
import { recordGalleryChange } from '../../src/services/faces/matching/gallery-sync';
import { type AnswerOf, ApiClient, type GraphQLAnswer, type VariablesOf } from './api-client';
import { createStorage, type TestStorage } from './databases';
import { kept } from './kept';

export type { GraphQLAnswer } from './api-client';

export interface ServiceOptions {
  /** Variables besides DATA_DIR, DATABASE_URL, PORT and LOG_LEVEL. */
  readonly env?: Readonly<Record<string, string>>;
  /** Another service's storage: a second node, or the same after a restart. It is not removed on stop. */
  readonly storage?: TestStorage;
  readonly now?: () => Date;
  /** The product's paces unless said otherwise. */
  readonly uploadTiming?: UploadTiming;
}

/** Deadlines that a photo or an operation meets on a busy machine only; tests of deadlines set their own. */
const PATIENT = {
  // A value that nobody else sets: by it keep-face-threads.cjs knows these services.
  FACE_TIMEOUT_MS: '119000',
  OPERATION_TIMEOUT_MS: '120000',
  DATABASE_QUERY_TIMEOUT_MS: '60000',
};

/** Of the services that share the threads which look at photos. */
const FACE_LIMITS = { timeoutMs: Number(PATIENT.FACE_TIMEOUT_MS), queueLimit: 32 };
const { keepFaceThreads } = kept<{ keepFaceThreads: (limits: typeof FACE_LIMITS) => void }>(
  'keep-face-threads',
);

/** The whole service in this process, on a port of its own, reached over HTTP as clients do. */
export class TestService {
  private readonly api: ApiClient;

  private constructor(
    readonly app: App,
    /** e.g. http://localhost:34567 */
    readonly url: string,
    readonly storage: TestStorage,
    private readonly ownsStorage: boolean,
  ) {
    this.api = new ApiClient(url);
  }

  static async start({ env = {}, storage, now, uploadTiming }: ServiceOptions = {}): Promise<TestService> {
    keepFaceThreads(FACE_LIMITS);
    const place = storage ?? (await createStorage());
    const config = loadConfig({
      PORT: '0',
      LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'silent',
      DATA_DIR: place.dataDir,
      ...PATIENT,
      ...(place.databaseUrl === null ? {} : { DATABASE_URL: place.databaseUrl }),
      ...env,
    });
    const app = await createApp(config, {
      ...(now === undefined ? {} : { now }),
      ...(uploadTiming === undefined ? {} : { uploadTiming }),
    });
    return new TestService(app, await app.listen(), place, storage === undefined);
  }

  /**
   * Empties the database and the photos under the running service, whose start costs more than all of this. What it keeps
   * in memory of employees follows from the changes that are noted for them.
   */
  async reset(): Promise<void> {
    await this.app.settle();
    await emptyDatabase(this.app.dataSource);
    for (const folder of ['media', 'incoming']) removeFiles(join(this.storage.dataDir, folder));
  }

  /** Runs a statement in the service's own database. */
  async sql<Row = Record<string, unknown>>(statement: string, parameters: unknown[] = []): Promise<Row[]> {
    return this.app.dataSource.query<Row[]>(statement, parameters);
  }

  /** Closes the service and removes its storage, unless that was given. */
  async stop(): Promise<void> {
    await this.app.close();
    if (this.ownsStorage) await this.storage.remove();
  }

  /** Sends an operation; never throws for errors of the API. */
  send<T = Record<string, unknown>, O extends string = string>(
    query: O,
    variables?: VariablesOf<O>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<GraphQLAnswer<AnswerOf<O, T>>> {
    return this.api.send<T, O>(query, variables, headers);
  }

  /** Sends an operation that has to succeed. @returns its data */
  ask<T = Record<string, unknown>, O extends string = string>(
    query: O,
    variables?: VariablesOf<O>,
  ): Promise<AnswerOf<O, T>> {
    return this.api.ask<T, O>(query, variables);
  }

  /** Sends an operation that has to fail. @returns its first error */
  fault(query: string, variables?: Readonly<Record<string, unknown>>) {
    return this.api.fault(query, variables);
  }
}

/** What a new database has rows in, and needs. */
const KEPT = [
  'installation',
  'encryption_keys',
  'encryption_key_users',
  'gallery_state',
  'gallery_versions',
  'audit_chain',
  'audit_keys',
  'face_model_users',
];
const EMPTY_CHAIN = `UPDATE audit_chain
  SET sequence = 0, hash = decode(repeat('00', 32), 'hex'), key_id = NULL, signature = NULL`;

async function emptyDatabase(dataSource: DataSource): Promise<void> {
  await dataSource.transaction(async (manager) => {
    const employees = await manager.query<{ id: string }[]>('SELECT id FROM employees');
    // Triggers keep the audit trail as it is, and foreign keys would want an order.
    await manager.query('SET LOCAL session_replication_role = replica');
    for (const { tableName } of dataSource.entityMetadatas) {
      if (!KEPT.includes(tableName)) await manager.query(`DELETE FROM ${tableName}`);
    }
    await manager.query(EMPTY_CHAIN);
    await manager.query('SET LOCAL session_replication_role = DEFAULT');
    for (const { id } of employees) await recordGalleryChange(manager, id);
  });
}

/** The folders stay: the service knows which it has made. */
function removeFiles(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) rmSync(join(entry.parentPath, entry.name), { force: true });
  }
}
