import { createApp, type App } from '../../src/app';
import { loadConfig } from '../../src/config';
import type { UploadTiming } from '../../src/services/storage/upload-timing';
import { type AnswerOf, ApiClient, type GraphQLAnswer, type VariablesOf } from './api-client';
import { createStorage, type DatabaseKind, type TestStorage } from './databases';

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

  static async start(
    kind: DatabaseKind,
    { env = {}, storage, now, uploadTiming }: ServiceOptions = {},
  ): Promise<TestService> {
    const place = storage ?? (await createStorage(kind));
    const config = loadConfig({
      PORT: '0',
      LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'silent',
      DATA_DIR: place.dataDir,
      ...(place.databaseUrl === null ? {} : { DATABASE_URL: place.databaseUrl }),
      ...env,
    });
    const app = await createApp(config, {
      ...(now === undefined ? {} : { now }),
      ...(uploadTiming === undefined ? {} : { uploadTiming }),
    });
    return new TestService(app, await app.listen(), place, storage === undefined);
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
