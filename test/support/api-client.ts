/** Codegen's mark on a document: what it answers, and with which variables. */
interface Typed<Answer, Variables> {
  readonly __apiType?: ((variables: Variables) => Answer) | undefined;
}
type Loose = Readonly<Record<string, unknown>>;

/** What a generated document answers; `T` for any other text. */
export type AnswerOf<O, T> = O extends Typed<infer Answer, never> ? (unknown extends Answer ? T : Answer) : T;
/** What a generated document asks for; anything for any other text. */
export type VariablesOf<O> =
  O extends Typed<unknown, infer Variables> ? (unknown extends Variables ? Loose : Variables) : Loose;

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

/**
 * Speaks to a service over HTTP, wherever it runs. A generated document (./operations.graphql) brings the types of its
 * answer and its variables; a plain string takes whatever a hostile client may send.
 */
export class ApiClient {
  /** @param url e.g. http://localhost:34567 */
  constructor(readonly url: string) {}

  /** Sends an operation; never throws for errors of the API. */
  async send<T = Record<string, unknown>, O extends string = string>(
    query: O,
    variables?: VariablesOf<O>,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<GraphQLAnswer<AnswerOf<O, T>>> {
    const response = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query, variables: variables ?? {} }),
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    return (await response.json()) as GraphQLAnswer<AnswerOf<O, T>>;
  }

  /** Sends an operation that has to succeed. @returns its data */
  async ask<T = Record<string, unknown>, O extends string = string>(
    query: O,
    variables?: VariablesOf<O>,
  ): Promise<AnswerOf<O, T>> {
    const { data, errors } = await this.send<T, O>(query, variables);
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
