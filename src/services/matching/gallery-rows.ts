import type { Logger } from 'pino';
import { ALIGNED_MODEL_ID, FACE_DIMENSION, PLAIN_MODEL_ID } from '../face/face-model-ids';
import type { DescriptorModel } from './descriptor-model';
import type { Galleries } from './galleries';

/** One for each template of an employee, or one without vectors. */
export interface TemplateRow {
  readonly employee_id: string;
  readonly office_id: string | null;
  readonly plain: Float32Array | null;
  readonly aligned: Float32Array | null;
}

/**
 * The two vectors of a template `t`, for a statement whose first two parameters are those of `modelParameters`. A
 * template that the server computed has its plain vector beside the aligned one, for clients of the same model.
 */
export const TEMPLATE_VECTORS = `
  CASE WHEN t.model_id = $1 AND t.dimension = $2::int THEN t.vector
    WHEN $1 = '${PLAIN_MODEL_ID}' AND $2::int = ${FACE_DIMENSION} THEN t.plain_vector END AS plain,
  CASE WHEN t.model_id = '${ALIGNED_MODEL_ID}' AND t.dimension = ${FACE_DIMENSION} THEN t.vector END AS aligned`;

/** Which templates the galleries hold; for a join with `face_templates t`. */
export const IN_GALLERIES = `(t.model_id = $1 AND t.dimension = $2::int OR t.model_id = '${ALIGNED_MODEL_ID}')`;

export const modelParameters = ({ id, dimension }: DescriptorModel): readonly [string, number] => [
  id,
  dimension,
];

/** Sets the templates of each employee in turn; the rows of one employee must stand together. */
export function takeIn(galleries: Galleries, rows: readonly TemplateRow[], log: Logger): void {
  for (let at = 0; at < rows.length;) {
    const { employee_id: employee, office_id: office } = rows[at] as TemplateRow;
    const plain: Float32Array[] = [];
    const aligned: Float32Array[] = [];
    for (; rows[at]?.employee_id === employee; at++) {
      const row = rows[at] as TemplateRow;
      if (row.plain !== null) plain.push(row.plain);
      if (row.aligned !== null) aligned.push(row.aligned);
    }
    const missing = plain.length + aligned.length - galleries.set(employee, { plain, aligned }, office);
    if (missing > 0) {
      log.warn(
        { employee, templates: missing },
        'Templates without a direction match nobody; enrol the employee anew',
      );
    }
  }
}
