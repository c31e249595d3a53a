import { CreateApiKeyDocument, type CreateApiKeyInput, type CreateOfficeInput } from '../generated/graphql';
import type { AnswerOf, ApiClient, GraphQLAnswer, VariablesOf } from './api-client';
import { Clock } from './clock';
import type { TestStorage } from './databases';
import { CREATE_OFFICE, oneLine } from './operations';
import { TestService, type ServiceOptions } from './service';

/** The service with a key, and callers of every kind. */

export const ADMIN_KEY = 'key-of-the-tests-0123456789';
export const as = (credential: string): { authorization: string } => ({
  authorization: `Bearer ${credential}`,
});

export const CREATE_KEY = oneLine(CreateApiKeyDocument);

export interface Key {
  readonly secret: string;
  readonly id: string;
}

/** A service on which somebody speaks with a credential of their own. */
export class Speaker implements Pick<ApiClient, 'ask'> {
  constructor(
    readonly service: Pick<TestService, 'send'>,
    readonly credential: string,
  ) {}

  send<T = Record<string, unknown>, O extends string = string>(
    query: O,
    variables?: VariablesOf<O>,
  ): Promise<GraphQLAnswer<AnswerOf<O, T>>> {
    return this.service.send<T, O>(query, variables, as(this.credential));
  }

  async ask<T = Record<string, unknown>, O extends string = string>(
    query: O,
    variables?: VariablesOf<O>,
  ): Promise<AnswerOf<O, T>> {
    const { data, errors } = await this.send<T, O>(query, variables);
    if (errors !== undefined || data == null) throw new Error(`The API answered: ${JSON.stringify(errors)}`);
    return data;
  }

  /** An operation that has to fail. @returns its first error */
  async fault(query: string, variables?: Readonly<Record<string, unknown>>) {
    const [first] = (await this.send(query, variables)).errors ?? [];
    if (first === undefined) throw new Error('The API answered without an error');
    return first;
  }
}

/** A service with ADMIN_API_KEY, on a clock that a test moves. */
export async function startClosed({ env = {}, ...options }: ServiceOptions = {}): Promise<{
  service: TestService;
  admin: Speaker;
  clock: Clock;
  storage: TestStorage;
}> {
  const clock = new Clock(Date.now());
  const service = await TestService.start({
    env: { ADMIN_API_KEY: ADMIN_KEY, PUNCH_MIN_INTERVAL_SECONDS: '0', ...env },
    now: clock.now,
    ...options,
  });
  return { service, admin: new Speaker(service, ADMIN_KEY), clock, storage: service.storage };
}

export async function createOffice(admin: Pick<Speaker, 'ask'>, input: CreateOfficeInput): Promise<string> {
  const { createOffice: office } = await admin.ask(CREATE_OFFICE, { input });
  return office.id;
}

export async function createKey(
  admin: Speaker,
  input: Omit<CreateApiKeyInput, 'name'> & { readonly name?: string },
): Promise<Key> {
  const { createApiKey } = await admin.ask(CREATE_KEY, { input: { name: 'A key', ...input } });
  return { secret: createApiKey.secret, id: createApiKey.apiKey.id };
}
