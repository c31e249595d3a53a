import { v7 as uuidv7 } from 'uuid';
import { createDataSource } from '../../ormconfig';
import { loadConfig } from '../../src/config/config';
import { migrate } from '../../src/database/migrate';
import { encodeTemplate } from '../../src/services/faces/engine/descriptor';
import { Faces } from '../../packages/gallery/bench/workload';

/** Of the service's own model. */
const DIMENSION = 512;
const MODEL = 'mobilefacenet-512';
const PHOTOS = 3;
const BATCH = 1000;

const fatal = (error: Error): never => {
  throw error;
};

/** Fills a new database with people who have three templates each by the server's model, none of them like a real face. */
export async function fill(
  { databaseUrl, dataDir }: { readonly databaseUrl: string; readonly dataDir: string },
  people: number,
): Promise<void> {
  const config = loadConfig({ DATABASE_URL: databaseUrl, DATA_DIR: dataDir, LOG_LEVEL: 'info' });
  const dataSource = await createDataSource(config, { onFatal: fatal }).initialize();
  await migrate(dataSource);
  const faces = new Faces(DIMENSION);
  for (let done = 0; done < people; done += BATCH) {
    const ids = Array.from({ length: Math.min(BATCH, people - done) }, () => uuidv7());
    await dataSource.query(
      `INSERT INTO employees (id, name, name_key, employee_id, employee_id_key, created_at, image_path)
       SELECT id, 'Somebody', 'somebody', id::text, id::text, now(), id::text FROM unnest($1::uuid[]) AS id`,
      [ids],
    );
    const owners = ids.flatMap((id) => Array.from({ length: PHOTOS }, () => id));
    const vectors = ids.flatMap(() => {
      const face = encodeTemplate(Float64Array.from(faces.stranger()));
      return Array.from({ length: PHOTOS }, () => face);
    });
    await dataSource.query(
      `INSERT INTO face_templates (id, employee_id, vector, dimension, model_id, source, created_at)
       SELECT id, employee, vector, ${DIMENSION}, '${MODEL}', 'server', now()
       FROM unnest($1::uuid[], $2::uuid[], $3::bytea[]) AS rows (id, employee, vector)`,
      [owners.map(() => uuidv7()), owners, vectors],
    );
  }
  await dataSource.query('ANALYZE');
  await dataSource.destroy();
}
