import type { Logger } from 'pino';
import { ALIGNED_MODEL_ID, FACE_DIMENSION, PLAIN_MODEL_ID } from '../engine/face-model-ids';
import { EnvelopeBroken } from '../../encryption/envelope';
import type { TemplateVault } from './template-vault';
import type { DescriptorModel } from '../engine/descriptor-model';
import type { Galleries } from './galleries';

/** One for each template of an employee, or one without vectors. */
export interface TemplateRow {
  readonly employee_id: string;
  readonly office_id: string | null;
  readonly plain: Float32Array | null;
  readonly aligned: Float32Array | null;
}

/** The same as the database has it. */
export interface StoredTemplateRow {
  readonly employee_id: string;
  readonly office_id: string | null;
  /** null where there is no template; then the rest is, too. */
  readonly template_id: string | null;
  readonly model_id: string | null;
  readonly plain: Buffer | null;
  readonly aligned: Buffer | null;
}

/**
 * The two vectors of a template `t`, for a statement whose first two parameters are those of `modelParameters`. A
 * template that the server computed has its plain vector beside the aligned one, for clients of the same model.
 */
export const TEMPLATE_VECTORS = `
  t.id AS template_id, t.model_id,
  CASE WHEN t.model_id = $1 AND t.dimension = $2::int THEN t.vector
    WHEN $1 = '${PLAIN_MODEL_ID}' AND $2::int = ${FACE_DIMENSION} THEN t.plain_vector END AS plain,
  CASE WHEN t.model_id = '${ALIGNED_MODEL_ID}' AND t.dimension = ${FACE_DIMENSION} THEN t.vector END AS aligned`;

/** Which templates the galleries hold; for a join with `face_templates t`. */
export const IN_GALLERIES = `(t.model_id = $1 AND t.dimension = $2::int OR t.model_id = '${ALIGNED_MODEL_ID}')`;

export const modelParameters = ({ id, dimension }: DescriptorModel): readonly [string, number] => [
  id,
  dimension,
];

/** Makes numbers of what the database has. */
export class TemplateOpener {
  constructor(
    private readonly vault: TemplateVault,
    private readonly model: DescriptorModel,
    private readonly log: Logger,
  ) {}

  /**
   * @param toVector makes numbers of their bytes
   * @throws UnknownKey, NoKey: with another configuration they can be read
   */
  open(row: StoredTemplateRow, toVector: (bytes: Buffer) => Float32Array): TemplateRow {
    const { employee_id, office_id, template_id: id, model_id: modelId } = row;
    const bare = { employee_id, office_id, plain: null, aligned: null };
    if (id === null || modelId === null) return bare;
    const template = { id, employeeId: employee_id, modelId };
    const column = modelId === this.model.id ? 'vector' : 'plain_vector';
    try {
      const plain = row.plain && this.vault.open(template, column, row.plain, this.model.dimension);
      const aligned = row.aligned && this.vault.open(template, 'vector', row.aligned, FACE_DIMENSION);
      return { ...bare, plain: plain && toVector(plain), aligned: aligned && toVector(aligned) };
    } catch (error) {
      if (!(error instanceof EnvelopeBroken)) throw error;
      // Fails closed, for this template alone: one that was tampered with must not keep everybody out.
      this.log.error(
        { employee: employee_id, template: id },
        'A template was changed or moved to another employee; it matches nobody. Enrol the employee again',
      );
      return bare;
    }
  }
}

/** Sets the templates of each employee in turn. The rows of one employee must be adjacent. */
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
        'Templates of length zero match nobody. Enrol the employee again',
      );
    }
  }
}
