import type { DataSource } from 'typeorm';
import { FACE_DIMENSION, PLAIN_MODEL_ID } from '../../faces/engine/face-model-ids';
import { decodeTemplate } from '../../faces/engine/descriptor';
import type { TemplateVault, VectorColumn } from '../../faces/matching/template-vault';
import type { EnrolledPerson } from './template-set';

const PAGE = 5000;
const NIL = '00000000-0000-0000-0000-000000000000';

interface TemplateRow {
  readonly id: string;
  readonly employee_id: string;
  readonly vector: Buffer;
  readonly vector_column: VectorColumn;
  /** The template's, which is not the vector's where it has two. */
  readonly row_model_id: string;
}

/** Every vector with the model that it is of: a template that the server computed has two. */
const VECTORS = `(
  SELECT id, employee_id, model_id, dimension, vector, 'vector' AS vector_column, model_id AS row_model_id
  FROM face_templates
  UNION ALL SELECT id, employee_id, '${PLAIN_MODEL_ID}', ${FACE_DIMENSION}, plain_vector, 'plain_vector', model_id
  FROM face_templates WHERE plain_vector IS NOT NULL)`;

/** The templates of every active employee of one model, person by person, read page by page. */
export async function* enrolledPeople(
  dataSource: DataSource,
  vault: TemplateVault,
  modelId: string,
  dimension: number,
): AsyncGenerator<EnrolledPerson> {
  let employee = NIL;
  let after = NIL;
  let templates: Float32Array[] = [];
  for (;;) {
    const rows = await dataSource.query<TemplateRow[]>(
      `SELECT t.id, t.employee_id, t.vector, t.vector_column, t.row_model_id
       FROM ${VECTORS} t JOIN employees e ON e.id = t.employee_id
       WHERE e.active AND t.model_id = $1 AND t.dimension = $2 AND (t.employee_id, t.id) > ($3, $4)
       ORDER BY t.employee_id, t.id LIMIT ${PAGE}`,
      [modelId, dimension, employee, after],
    );
    for (const row of rows) {
      // A page can end in the middle of a person.
      if (row.employee_id !== employee) {
        if (templates.length > 0) yield { employee, templates };
        employee = row.employee_id;
        templates = [];
      }
      const template = { id: row.id, employeeId: row.employee_id, modelId: row.row_model_id };
      templates.push(decodeTemplate(vault.open(template, row.vector_column, row.vector, dimension)));
      after = row.id;
    }
    if (rows.length < PAGE) break;
  }
  if (templates.length > 0) yield { employee, templates };
}

/** How many templates of active employees there are of each model and dimension, the most frequent first. */
export async function templateCounts(
  dataSource: DataSource,
): Promise<{ readonly modelId: string; readonly dimension: number; readonly templates: number }[]> {
  const rows = await dataSource.query<{ model_id: string; dimension: number; templates: string }[]>(
    `SELECT t.model_id, t.dimension, count(*) AS templates FROM ${VECTORS} t
     JOIN employees e ON e.id = t.employee_id WHERE e.active
     GROUP BY t.model_id, t.dimension ORDER BY count(*) DESC, t.model_id, t.dimension`,
  );
  return rows.map(({ model_id: modelId, dimension, templates }) => ({
    modelId,
    dimension,
    templates: Number(templates),
  }));
}
