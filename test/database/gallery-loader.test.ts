import 'reflect-metadata';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { createDataSource } from '../../ormconfig';
import { loadConfig } from '../../src/config/config';
import { migrate } from '../../src/database/migrate';
import { encodeTemplate } from '../../src/services/faces/engine/descriptor';
import { DescriptorModel } from '../../src/services/faces/engine/descriptor-model';
import { Galleries } from '../../src/services/faces/matching/galleries';
import { loadGallery } from '../../src/services/faces/matching/gallery-loader';
import { TemplateVault } from '../../src/services/faces/matching/template-vault';
import { createStorage, everyDatabase, type TestStorage } from '../support/databases';
import { anyDirection, probeOf, randomness } from '../../packages/gallery/test/vectors';

const MODEL = 'model-a';
/** More than two pages of a thousand. */
const PEOPLE = 2345;

interface Row {
  readonly employee: string;
  readonly vector: Float32Array;
  readonly model?: string;
}

async function insert(
  dataSource: DataSource,
  employees: readonly string[],
  rows: readonly Row[],
): Promise<void> {
  await dataSource.query(
    `INSERT INTO employees (id, name, name_key, employee_id, employee_id_key, created_at, image_path)
     SELECT id, 'Somebody', 'somebody', id::text, id::text, now(), '' FROM unnest($1::uuid[]) AS id`,
    [employees],
  );
  await dataSource.query(
    `INSERT INTO face_templates (id, employee_id, vector, dimension, model_id, source, created_at)
     SELECT id, employee, vector, octet_length(vector) / 4, model, 'client', now()
     FROM unnest($1::uuid[], $2::uuid[], $3::bytea[], $4::text[]) AS rows (id, employee, vector, model)`,
    [
      rows.map(() => uuidv7()),
      rows.map(({ employee }) => employee),
      rows.map(({ vector }) => encodeTemplate(Float64Array.from(vector))),
      rows.map(({ model = MODEL }) => model),
    ],
  );
}

describe.each(everyDatabase)('the gallery loader on %s', (kind) => {
  let storage: TestStorage;
  let dataSource: DataSource;

  beforeAll(async () => {
    storage = await createStorage(kind);
    const config = loadConfig({
      DATA_DIR: storage.dataDir,
      ...(storage.databaseUrl === null ? {} : { DATABASE_URL: storage.databaseUrl }),
    });
    const onFatal = (error: Error): never => {
      throw error;
    };
    dataSource = await createDataSource(config, { onFatal }).initialize();
    await migrate(dataSource);
  });
  afterAll(async () => {
    await dataSource.destroy();
    await storage.remove();
  });

  it('loads all templates of active employees, of this model and dimension, with their offices', async () => {
    const random = randomness(2);
    const employees = Array.from({ length: PEOPLE }, () => uuidv7());
    const at = (index: number): string => employees.at(index) as string;
    const rows: Row[] = employees.map((employee) => ({ employee, vector: anyDirection(random, 16) }));
    const [extra, foreign, short] = [16, 16, 8].map((dimension) => anyDirection(random, dimension)) as [
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    const directionless = rows[5] as Row;
    directionless.vector.fill(0);
    await insert(dataSource, employees, [
      ...rows,
      { employee: at(3), vector: extra },
      { employee: at(4), vector: foreign, model: 'model-b' },
      { employee: at(4), vector: short },
    ]);
    const office = uuidv7();
    await dataSource.query(`INSERT INTO offices (id, name) VALUES ($1, 'North')`, [office]);
    await dataSource.query(`UPDATE employees SET office_id = $1 WHERE id = ANY ($2)`, [
      office,
      [at(0), at(-1)],
    ]);
    await dataSource.query(`UPDATE employees SET active = false WHERE id = $1`, [at(7)]);

    const warnings: object[] = [];
    const log = { info: () => undefined, warn: (details: object) => warnings.push(details) };
    const models = { client: new DescriptorModel(MODEL, 16), server: { id: 'server', dimension: 16 } };
    const galleries = new Galleries(models, {});
    const gallery = galleries.client;
    await loadGallery(dataSource, galleries, models, new TemplateVault(null), log as unknown as Logger);

    // One without a direction and one inactive less, one with a second template more.
    expect(gallery.size).toBe(PEOPLE - 1);
    expect(warnings).toEqual([{ employee: at(5), templates: 1 }]);
    expect(gallery.verify(at(7), probeOf(rows[7]?.vector ?? []))).toBeNull();
    expect(gallery.verify(at(4), probeOf(foreign))).toBeLessThan(0.99);
    for (const index of [0, 1, 3, 999, 1000, 1001, 1999, 2000, PEOPLE - 1]) {
      const found = await gallery.identify(probeOf(rows[index]?.vector ?? []));
      expect(found?.best).toEqual({ key: at(index), similarity: expect.closeTo(1, 12) as number });
    }
    expect((await gallery.identify(probeOf(extra)))?.best.key).toBe(at(3));
    const inOffice = await gallery.search(probeOf(extra), PEOPLE, { scope: office });
    expect(inOffice.map(({ key }) => key).sort()).toEqual([at(0), at(-1)].sort());
  });
});
