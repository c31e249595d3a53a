import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { Statements } from '../../database/statements';
import type { Gallery } from './gallery';
import { VectorPool } from './vector-pool';

/** Employees a page. */
const PAGE = 1000;
/** A gallery of this size is worth a line in the log each time it grows by as much while it loads. */
const LOG_EVERY = 100_000;
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

/** One for each template of an employee, or one without a vector. */
export interface TemplateRow {
  readonly employee_id: string;
  readonly office_id: string | null;
  readonly vector: Float32Array | null;
}

/**
 * A page is a range of employees, because the index on their templates then gives each page in the same time; the
 * outer join keeps those without a template, so that only an empty page is the end.
 */
const PAGE_SQL = `
  SELECT e.id AS employee_id, e.office_id, t.vector
  FROM (SELECT id, office_id FROM employees WHERE active AND id > $1 ORDER BY id LIMIT ${PAGE}) e
  LEFT JOIN face_templates t ON t.employee_id = e.id AND t.model_id = $2 AND t.dimension = $3
  ORDER BY e.id, t.id`;

/** Fills a gallery with the templates of all active employees, page by page, without ever holding them twice. */
export async function loadGallery(
  dataSource: DataSource,
  gallery: Gallery,
  modelId: string,
  log: Logger,
): Promise<void> {
  const statements = new Statements(dataSource);
  const read = (after: string, pool: VectorPool): Promise<TemplateRow[]> => {
    pool.reset();
    return statements.run('gallery-page', PAGE_SQL, [after, modelId, gallery.dimension], pool.types);
  };
  // One for the page that is taken in, the other for the next one, which the database reads meanwhile.
  let [current, other] = [new VectorPool(gallery.dimension), new VectorPool(gallery.dimension)];
  let logged = 0;
  let page = await read(BEFORE_ALL, current);
  for (let last = page.at(-1); last !== undefined; last = page.at(-1)) {
    const next = read(last.employee_id, other);
    next.catch(() => undefined); // awaited below, unless taking this one in fails first
    takeIn(gallery, page, log);
    page = await next;
    [current, other] = [other, current];
    if (gallery.size - logged >= LOG_EVERY) {
      logged = gallery.size;
      log.info({ templates: logged }, 'Loading face templates');
    }
  }
}

/** Sets the templates of each employee in turn; the rows of one employee must stand together. */
export function takeIn(gallery: Gallery, rows: readonly TemplateRow[], log: Logger): void {
  for (let at = 0; at < rows.length;) {
    const { employee_id: employee, office_id: office } = rows[at] as TemplateRow;
    const templates: Float32Array[] = [];
    for (; rows[at]?.employee_id === employee; at++) {
      const vector = rows[at]?.vector ?? null;
      if (vector !== null) templates.push(vector);
    }
    const taken = gallery.set(employee, templates, office);
    if (taken < templates.length) {
      log.warn(
        { employee, templates: templates.length - taken },
        'Templates without a direction match nobody; enrol the employee anew',
      );
    }
  }
}
