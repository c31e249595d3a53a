/** Real: the configuration, the loader of lists, the list that the build made. Fake: nothing. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { webManifest } from '../../scripts/codegen';
import { loadConfig } from '../../src/config/config';
import { PersistedOperations } from '../../src/http/graphql/persisted-operations';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-list-'));
const own = join(folder, 'own.json');
const pages = join(folder, 'pages-operations.json');
const mine = 'query Mine { offices { id } }';
writeFileSync(own, JSON.stringify({ mine }));
afterAll(() => rmSync(folder, { recursive: true }));

const listsOf = (PERSISTED_OPERATIONS: string): readonly string[] | null =>
  loadConfig({ PERSISTED_OPERATIONS }).access.persistedOperations;

describe('PERSISTED_OPERATIONS', () => {
  it.each([
    ['', null],
    ['pages', ['pages']],
    [own, [own]],
    [` pages , ${own},`, ['pages', own]],
    // A file of that name.
    ['./pages', [join(process.cwd(), 'pages')]],
  ])('%j names the lists %j', (value, lists) => {
    expect(listsOf(value)).toEqual(lists);
  });

  it('is refused without a list in it', () => {
    expect(() => listsOf(' , ')).toThrow(/PERSISTED_OPERATIONS: must be pages, the path of a manifest/);
  });

  it("accepts what is on any of the lists, and says what to run if the pages' list is missing", async () => {
    await expect(PersistedOperations.load(['pages', own], pages)).rejects.toThrow(
      'PERSISTED_OPERATIONS: the pages are not built; run: npm run build',
    );
    writeFileSync(pages, await webManifest());
    const both = await PersistedOperations.load(['pages', own], pages);
    const body = both.bodyOf('mine');
    expect(body).toBe(mine);
    const { operations } = JSON.parse(await webManifest()) as {
      operations: { id: string; name: string; type: string; body: string }[];
    };
    expect(new Set(operations.map(({ type }) => type))).toEqual(
      new Set(['query', 'mutation', 'subscription']),
    );
    for (const { id, name, body: text } of operations) {
      expect(text).toMatch(new RegExp(`^\\s*\\w+ ${name}\\b`));
      expect(both.bodyOf(id)).toBe(text);
      expect(() => both.requireListed(text)).not.toThrow();
    }
    expect(() => both.requireListed(mine)).not.toThrow();
    expect(() => both.requireListed('query Mine { offices { name } }')).toThrow(
      'The service does not accept this operation; its PERSISTED_OPERATIONS setting lists the accepted ones',
    );
  });
});
