/** An answer of the API, as a client sees it. */
export interface GraphQLAnswer<T = Record<string, unknown>> {
  readonly data?: T | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions: Readonly<Record<string, unknown>> & { readonly code: string };
  }[];
}

/** A service that hangs is to fail the test that asks it, not the whole run. */
const DEADLINE_MS = 45_000;

/** Speaks to a service over HTTP, wherever it runs. */
export class ApiClient {
  /** @param url e.g. http://localhost:34567 */
  constructor(readonly url: string) {}

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
      signal: AbortSignal.timeout(DEADLINE_MS),
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
