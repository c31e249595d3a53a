import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ApolloServerOptions } from '@apollo/server';
import { z } from 'zod';
import { PAGES_LIST } from '../../config/config';
import type { Context } from '../../context';
import { RollcallError } from '../../errors';

/** What tools write: Apollo's manifest, or an object of documents by their id. */
const MANIFEST = z.union([
  z
    .object({ operations: z.array(z.object({ id: z.string(), body: z.string() })) })
    .transform(({ operations }) => operations.map(({ id, body }) => [id, body] as const)),
  z.record(z.string(), z.string()).transform((operations) => Object.entries(operations)),
]);

/** The build puts it beside the pages' folder: dist/, as seen from dist/src/http/graphql/. */
const PAGES_MANIFEST = join(__dirname, '..', '..', '..', 'pages-operations.json');

/** What Apollo puts before the id of a persisted operation when it looks for it. */
const CACHE_PREFIX = 'apq:';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The accepted operations. All others are refused for every requester. */
export class PersistedOperations {
  private readonly bodies: ReadonlyMap<string, string>;
  private readonly hashes: ReadonlySet<string>;

  /** @param operations documents by their id, which is usually their SHA-256 in hex */
  constructor(operations: Iterable<readonly [id: string, body: string]>) {
    const list = [...operations];
    this.bodies = new Map(list.flatMap(([id, body]) => [[id, body] as const, [sha256(body), body] as const]));
    this.hashes = new Set(list.map(([, body]) => sha256(body)));
  }

  /**
   * @param lists `pages`, or paths of manifests
   * @param pages the manifest of the web pages' operations
   * @throws Error if a list cannot be read or is not a manifest
   */
  static async load(lists: readonly string[], pages = PAGES_MANIFEST): Promise<PersistedOperations> {
    if (lists.includes(PAGES_LIST) && !existsSync(pages)) {
      throw new Error('PERSISTED_OPERATIONS: the pages are not built; run: npm run build');
    }
    const files = lists.map((list) => (list === PAGES_LIST ? pages : list));
    return new PersistedOperations((await Promise.all(files.map(operationsOf))).flat());
  }

  /** Answers clients that send the id alone (extensions.persistedQuery.sha256Hash); nothing is added at run time. */
  get lookup(): NonNullable<Exclude<ApolloServerOptions<Context>['persistedQueries'], false>> {
    return {
      cache: {
        get: (key) => Promise.resolve(this.bodies.get(key.slice(CACHE_PREFIX.length))),
        set: () => Promise.resolve(),
        delete: () => Promise.resolve(false),
      },
    };
  }

  /** What is on the list under an id, or under its hash. */
  bodyOf(id: string): string | undefined {
    return this.bodies.get(id);
  }

  /**
   * Refuses what is not on the list, before it is parsed. What is sent by its id alone is looked up, or not found.
   * @param source the document as it was sent; anything but a text is for Apollo to refuse
   * @throws RollcallError FORBIDDEN
   */
  requireListed(source: unknown): void {
    if (typeof source !== 'string' || source === '' || this.hashes.has(sha256(source))) return;
    throw new RollcallError(
      'FORBIDDEN',
      'The service does not accept this operation; its PERSISTED_OPERATIONS setting lists the accepted ones',
      {
        operation: 'NOT_LISTED',
      },
    );
  }
}

/** @throws Error if the file cannot be read or is not a manifest */
async function operationsOf(file: string): Promise<(readonly [id: string, body: string])[]> {
  let parsed: ReturnType<typeof MANIFEST.safeParse>;
  try {
    parsed = MANIFEST.safeParse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    throw new Error(`PERSISTED_OPERATIONS: could not read ${file} as JSON`, { cause: error });
  }
  if (!parsed.success) {
    throw new Error(
      `PERSISTED_OPERATIONS: ${file} must be an Apollo manifest, or an object that maps ids to documents`,
    );
  }
  return parsed.data;
}
