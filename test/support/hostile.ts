import { readdirSync } from 'node:fs';
import { request, type IncomingHttpHeaders, type RequestOptions } from 'node:http';
import { join } from 'node:path';
import type { GraphQLAnswer, TestService } from './service';

/** What only a hostile or broken client sends, and what must hold after it. */

/** An HTTP answer as it came. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: string;
}

/** Sends exactly what is given: no path is tidied up, no header added. */
export function send(
  url: string,
  path: string,
  { body, ...options }: RequestOptions & { readonly body?: string | Buffer } = {},
): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const out = request({ hostname, port, path, agent: false, ...options }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.once('error', reject);
      answer.once('end', () => {
        const bytes = Buffer.concat(chunks);
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          bytes,
          text: bytes.toString('utf8'),
        });
      });
    });
    out.once('error', reject);
    out.end(body);
  });
}

/** Posts a body to /graphql as it is. */
export const post = (
  url: string,
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = { 'content-type': 'application/json' },
): Promise<RawAnswer> =>
  send(url, '/graphql', {
    method: 'POST',
    headers: { 'content-length': Buffer.byteLength(body), ...headers },
    body,
  });

/** The first error of an answer, which must be JSON in GraphQL's form. */
export function faultOf(answer: RawAnswer): NonNullable<GraphQLAnswer['errors']>[number] {
  expect(answer.headers['content-type']).toMatch(/^application\/json/);
  const { errors = [] } = JSON.parse(answer.text) as GraphQLAnswer;
  const [first] = errors;
  if (first === undefined) throw new Error(`The API answered without an error: ${answer.text.slice(0, 300)}`);
  return first;
}

/** Text that is written into a document as it is, such as an enum value or 1e999. */
export class Verbatim {
  constructor(readonly text: string) {}

  /** In JSON it is a text, as enum values are. */
  toJSON(): string {
    return this.text;
  }
}

/** A value as GraphQL source. */
export function literal(value: unknown): string {
  if (value instanceof Verbatim) return value.text;
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([name, item]) => `${name}: ${literal(item)}`)
      .join(', ')}}`;
  }
  return JSON.stringify(value);
}

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

/** All that a request could have written: rows and files. Asking for it proves that the service still works. */
export async function footprint(service: TestService) {
  const { employees, attendances, offices } = await service.ask(
    '{ employees { totalCount } attendances { totalCount } offices { id name } }',
  );
  const { dataDir } = service.storage;
  const files = ['media', 'incoming'].flatMap((folder) => filesBelow(join(dataDir, folder)));
  return { employees, attendances, offices, files };
}

/** Pieces of what was sent, any of which would be a leak: the beginning, the middle and the end of every long text. */
function telltales(value: unknown): string[] {
  if (typeof value === 'string') {
    if (value.length < 60) return [];
    const middle = value.length >> 1;
    return [value.slice(0, 24), value.slice(middle, middle + 24), value.slice(-24)];
  }
  if (Array.isArray(value)) {
    const numbers = value.filter((item) => typeof item === 'number' && String(item).length > 8).map(String);
    return [...numbers.slice(0, 3), ...numbers.slice(-3), ...value.slice(0, 200).flatMap(telltales)];
  }
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(telltales) : [];
}

/** No stack, no internal error, and nothing of the photo or the descriptor. */
export function expectDiscreet(text: string, sent: unknown): void {
  expect(text).not.toMatch(/INTERNAL_SERVER_ERROR|node_modules|stacktrace|\bat [\w.<>]+ \(/);
  for (const piece of telltales(sent)) {
    if (text.includes(piece)) throw new Error(`Quotes what was sent: ${text.slice(0, 400)}`);
  }
}
