import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { VectorPool } from '@rollcall/gallery';
import { Statements } from '../../../database/statements';
import type { FaceModelPair } from '../engine/face-model-ids';
import type { Galleries } from './galleries';
import { ENVELOPE_BYTES } from '../../encryption/envelope';
import type { TemplateVault } from './template-vault';
import {
  IN_GALLERIES,
  modelParameters,
  takeIn,
  TEMPLATE_VECTORS,
  TemplateOpener,
  type StoredTemplateRow,
} from './gallery-rows';

/** Employees a page. */
const PAGE = 1000;
/** A gallery of this size is worth a line in the log each time it grows by as much while it loads. */
const LOG_EVERY = 100_000;
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

/**
 * A page is a range of employees, because the index on their templates then gives each page in the same time; the
 * outer join keeps those without a template, so that only an empty page is the end.
 */
const PAGE_SQL = `
  SELECT e.id AS employee_id, e.office_id, ${TEMPLATE_VECTORS}
  FROM (SELECT id, office_id FROM employees WHERE active AND id > $5 ORDER BY id LIMIT ${PAGE}) e
  LEFT JOIN face_templates t ON t.employee_id = e.id AND ${IN_GALLERIES}
  ORDER BY e.id, t.id`;

/**
 * Fills the galleries with the templates of all active employees, page by page, without ever holding them twice.
 * @param found gets the ids of these employees
 */
export async function loadGallery(
  dataSource: DataSource,
  galleries: Galleries,
  models: FaceModelPair,
  vault: TemplateVault,
  log: Logger,
  found?: Set<string>,
): Promise<void> {
  const opener = new TemplateOpener(vault, models, log);
  const statements = new Statements(dataSource);
  const read = (after: string, pool: VectorPool): Promise<StoredTemplateRow[]> => {
    pool.reset();
    return statements.run('gallery-page', PAGE_SQL, [...modelParameters(models), after], pool.types);
  };
  // One for the current page, the other for the next page, which the database reads meanwhile.
  const longest = 4 * Math.max(models.client.dimension, models.server.dimension) + ENVELOPE_BYTES;
  const newPool = () => new VectorPool(models.server.dimension, longest);
  let [current, other] = [newPool(), newPool()];
  let logged = 0;
  let page = await read(BEFORE_ALL, current);
  for (let last = page.at(-1); last !== undefined; last = page.at(-1)) {
    const next = read(last.employee_id, other);
    next.catch(() => undefined); // awaited below, unless taking this one in fails first
    for (const { employee_id } of page) found?.add(employee_id);
    const { vectorOf } = current;
    takeIn(
      galleries,
      page.map((row) => opener.open(row, vectorOf)),
      log,
    );
    page = await next;
    [current, other] = [other, current];
    if (galleries.size - logged >= LOG_EVERY) {
      logged = galleries.size;
      log.info({ templates: logged }, 'Loading face templates');
    }
  }
}
