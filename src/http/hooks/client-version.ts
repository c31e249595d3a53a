import type { IncomingHttpHeaders } from 'node:http';

/** The length of the column. */
const MAX_LENGTH = 100;

/**
 * The program that sends a request, as it says: name and version of the headers that Apollo's clients send, otherwise its
 * User-Agent. Only printable ASCII characters, and no more than fit.
 * @returns null: it says nothing
 */
export function clientVersionOf(headers: IncomingHttpHeaders): string | null {
  const name = textOf(headers['apollographql-client-name']);
  const version = textOf(headers['apollographql-client-version']);
  const named = [name, version].filter((part) => part !== '').join('/');
  const text = named === '' ? textOf(headers['user-agent']) : named;
  return text === '' ? null : text.slice(0, MAX_LENGTH);
}

/** Bounded before anything else looks at it. */
const textOf = (header: string | string[] | undefined): string =>
  (typeof header === 'string' ? header : '')
    .slice(0, MAX_LENGTH)
    .replace(/[^\x20-\x7e]/g, '?')
    .trim();
