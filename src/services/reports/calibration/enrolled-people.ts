import type { DataSource } from 'typeorm';
import { FACE_API_DIMENSION, FACE_API_MODEL_ID } from '../../faces/engine/face-model-ids';
import { decodeTemplate } from '../../faces/engine/descriptor';
import type { TemplateVault, VectorColumn } from '../../faces/matching/template-vault';
import type { EnrolledPerson } from './template-set';

/** Employees a page. */
const PAGE = 1000;
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

interface TemplateRow {
  readonly employee_id: string;
  /** null: the employee has no template of the model; then the rest is null, too. */
  readonly id: string | null;
  readonly vector: Buffer;
  readonly vector_column: VectorColumn;
  /** The template's, which is not the vector's if it has two. */
  readonly row_model_id: string;
}

/** Every vector with the model that it is of: a template may have two. */
const VECTORS = `(
  SELECT id, employee_id, model_id, dimension, vector, 'vector' AS vector_column, model_id AS row_model_id
  FROM face_templates
  UNION ALL SELECT id, employee_id, coalesce(plain_model_id, '${FACE_API_MODEL_ID}'),
    coalesce(plain_dimension, ${FACE_API_DIMENSION}), plain_vector, 'plain_vector', model_id
  FROM face_templates WHERE plain_vector IS NOT NULL)`;

/** The templates of every active employee of one model, person by person, read page by page. */
export async function* enrolledPeople(
  dataSource: DataSource,
  vault: TemplateVault,
  modelId: string,
  dimension: number,
): AsyncGenerator<EnrolledPerson> {
  let after: string | undefined = BEFORE_ALL;
  while (after !== undefined) {
    const rows: TemplateRow[] = await dataSource.query(
      `SELECT e.id AS employee_id, t.id, t.vector, t.vector_column, t.row_model_id
       FROM (SELECT id FROM employees WHERE active AND id > $3 ORDER BY id LIMIT ${PAGE}) e
       LEFT JOIN ${VECTORS} t ON t.employee_id = e.id AND t.model_id = $1 AND t.dimension = $2
       ORDER BY e.id, t.id`,
      [modelId, dimension, after],
    );
    const people = new Map<string, Float32Array[]>();
    for (const { employee_id: employeeId, id, row_model_id, vector_column, vector } of rows) {
      const templates = people.get(employeeId) ?? [];
      people.set(employeeId, templates);
      if (id === null) continue;
      const template = { id, employeeId, modelId: row_model_id };
      templates.push(decodeTemplate(vault.open(template, vector_column, vector, dimension)));
    }
    for (const [employee, templates] of people) yield { employee, templates };
    after = people.size === PAGE ? rows.at(-1)?.employee_id : undefined;
  }
}

/** How many templates of active employees there are of each model and dimension, the most frequent first. */
export async function templateCounts(
  dataSource: DataSource,
): Promise<{ readonly modelId: string; readonly dimension: number; readonly templates: number }[]> {
  return dataSource.query(
    `SELECT t.model_id AS "modelId", t.dimension, count(*)::int AS templates FROM ${VECTORS} t
     JOIN employees e ON e.id = t.employee_id WHERE e.active
     GROUP BY t.model_id, t.dimension ORDER BY count(*) DESC, t.model_id, t.dimension`,
  );
}
