import { endianness } from 'node:os';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import type { Gallery } from './gallery';

/** Employees a page: so few that what is read of them is garbage before the collector would move it. */
const PAGE = 1000;
/** A gallery of this size is worth a line in the log each time it grows by as much while it loads. */
const LOG_EVERY = 100_000;
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

/** One for each template of an employee, or one without a vector. */
export interface TemplateRow {
  readonly employee_id: string;
  readonly office_id: string | null;
  readonly vector: Buffer | null;
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
  const read = (after: string): Promise<TemplateRow[]> =>
    dataSource.query<TemplateRow[]>(PAGE_SQL, [after, modelId, gallery.dimension]);
  let logged = 0;
  let page = await read(BEFORE_ALL);
  for (;;) {
    const last = page.at(-1);
    if (last === undefined) return;
    // The database reads the next page while this one is taken in.
    const next = read(last.employee_id);
    next.catch(() => undefined); // awaited below, unless taking this one in fails first
    takeIn(gallery, page, log);
    page = await next;
    if (gallery.size - logged >= LOG_EVERY) {
      logged = gallery.size;
      log.info({ templates: logged }, 'Loading face templates');
    }
  }
}

/** Sets the templates of each employee in turn; the rows of one employee must stand together. */
export function takeIn(gallery: Gallery, rows: readonly TemplateRow[], log: Logger): void {
  // Used again for each employee: arrays of their own would leave a million behind for the garbage collector.
  const buffers: Float32Array<ArrayBuffer>[] = [];
  for (let at = 0; at < rows.length;) {
    const { employee_id: employee, office_id: office } = rows[at] as TemplateRow;
    const templates: Float32Array[] = [];
    for (; rows[at]?.employee_id === employee; at++) {
      const vector = rows[at]?.vector ?? null;
      if (vector === null) continue;
      const buffer = (buffers[templates.length] ??= new Float32Array(gallery.dimension));
      decodeInto(buffer, vector);
      templates.push(buffer);
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

/** Stored numbers are little-endian. Copied, since `pg` gives slices of pooled buffers, which may be unaligned. */
function decodeInto(numbers: Float32Array<ArrayBuffer>, stored: Buffer): void {
  const bytes = Buffer.from(numbers.buffer);
  stored.copy(bytes);
  if (endianness() === 'BE') bytes.swap32();
}
