import { createApp, type App } from '../../src/app';
import { loadConfig } from '../../src/config';
import { createStorage, type DatabaseKind, type TestStorage } from './databases';

/** An answer of the API, as a client sees it. */
export interface GraphQLAnswer<T = Record<string, unknown>> {
  readonly data?: T | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions: Readonly<Record<string, unknown>> & { readonly code: string };
  }[];
}

export interface ServiceOptions {
  /** Variables besides DATA_DIR, DATABASE_URL, PORT and LOG_LEVEL. */
  readonly env?: Readonly<Record<string, string>>;
  /** Another service's storage: a second node, or the same after a restart. It is not removed on stop. */
  readonly storage?: TestStorage;
  readonly now?: () => Date;
}

/** The whole service in this process, on a port of its own, reached over HTTP as clients do. */
export class TestService {
  private constructor(
    readonly app: App,
    /** e.g. http://localhost:34567 */
    readonly url: string,
    readonly storage: TestStorage,
    private readonly ownsStorage: boolean,
  ) {}

  static async start(
    kind: DatabaseKind,
    { env = {}, storage, now }: ServiceOptions = {},
  ): Promise<TestService> {
    const place = storage ?? (await createStorage(kind));
    const config = loadConfig({
      PORT: '0',
      LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'silent',
      DATA_DIR: place.dataDir,
      ...(place.databaseUrl === null ? {} : { DATABASE_URL: place.databaseUrl }),
      ...env,
    });
    const app = await createApp(config, now === undefined ? {} : { now });
    return new TestService(app, await app.listen(), place, storage === undefined);
  }

  /** Closes the service and removes its storage, unless that was given. */
  async stop(): Promise<void> {
    await this.app.close();
    if (this.ownsStorage) await this.storage.remove();
  }

  /** Sends an operation; never throws for errors of the API. */
  async send<T = Record<string, unknown>>(
    query: string,
    variables: Readonly<Record<string, unknown>> = {},
    headers: Readonly<Record<string, string>> = {},
  ): Promise<GraphQLAnswer<T>> {
    const response = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query, variables }),
    });
    return (await response.json()) as GraphQLAnswer<T>;
  }

  /** Sends an operation that has to succeed. @returns its data */
  async ask<T = Record<string, unknown>>(
    query: string,
    variables: Readonly<Record<string, unknown>> = {},
  ): Promise<T> {
    const { data, errors } = await this.send<T>(query, variables);
    if (errors !== undefined || data == null) throw new Error(`The API answered: ${JSON.stringify(errors)}`);
    return data;
  }

  /** Sends an operation that has to fail. @returns its first error */
  async fault(query: string, variables: Readonly<Record<string, unknown>> = {}) {
    const { errors } = await this.send(query, variables);
    const [first] = errors ?? [];
    if (first === undefined) throw new Error('The API answered without an error');
    return first;
  }
}
