import type { Logger } from 'pino';
import {
  FACE_API_DIMENSION,
  FACE_API_MODEL_ID,
  type FaceModelPair,
  type VectorModel,
} from '../engine/face-model-ids';
import { EnvelopeBroken } from '../../encryption/envelope';
import type { TemplateVault, VectorColumn } from './template-vault';
import type { Galleries } from './galleries';

/** One for each template of an employee, or one without vectors. */
export interface TemplateRow {
  readonly employee_id: string;
  readonly office_id: string | null;
  readonly client: Float32Array | null;
  readonly server: Float32Array | null;
}

/** The same as the database has it. */
export interface StoredTemplateRow {
  readonly employee_id: string;
  readonly office_id: string | null;
  /** null if there is no template; then the rest is, too. */
  readonly template_id: string | null;
  readonly model_id: string | null;
  readonly client: Buffer | null;
  readonly server: Buffer | null;
  /** Which column each is from. */
  readonly client_column: VectorColumn;
  readonly server_column: VectorColumn;
}

/** The model of a template's second vector, if it has one. */
const PLAIN_MODEL = `coalesce(t.plain_model_id, '${FACE_API_MODEL_ID}')`;
const PLAIN_DIMENSION = `coalesce(t.plain_dimension, ${FACE_API_DIMENSION})`;

/** The vector of a template `t` that is of a model, and the column that it is in. @param id @param dimension parameters */
const vectorOf = (name: string, id: string, dimension: string): string => `
  CASE WHEN t.model_id = ${id} AND t.dimension = ${dimension}::int THEN t.vector
    WHEN ${PLAIN_MODEL} = ${id} AND ${PLAIN_DIMENSION} = ${dimension}::int THEN t.plain_vector END AS ${name},
  CASE WHEN t.model_id = ${id} AND t.dimension = ${dimension}::int THEN 'vector'
    ELSE 'plain_vector' END AS ${name}_column`;

/** Both vectors of a template `t`, for a statement whose first four parameters are those of `modelParameters`. */
export const TEMPLATE_VECTORS = `
  t.id AS template_id, t.model_id, ${vectorOf('client', '$1', '$2')}, ${vectorOf('server', '$3', '$4')}`;

/** Which templates the galleries hold; for a join with `face_templates t`. */
export const IN_GALLERIES = `(
  t.model_id = $1 AND t.dimension = $2::int OR ${PLAIN_MODEL} = $1 AND ${PLAIN_DIMENSION} = $2::int
  OR t.model_id = $3 AND t.dimension = $4::int OR ${PLAIN_MODEL} = $3 AND ${PLAIN_DIMENSION} = $4::int)`;

export const modelParameters = ({
  client,
  server,
}: FaceModelPair): readonly [string, number, string, number] => [
  client.id,
  client.dimension,
  server.id,
  server.dimension,
];

/** Makes numbers of what the database has. */
export class TemplateOpener {
  constructor(
    private readonly vault: TemplateVault,
    private readonly models: FaceModelPair,
    private readonly log: Logger,
  ) {}

  /**
   * @param toVector makes numbers of their bytes
   * @throws UnknownKey, NoKey: with another configuration they can be read
   */
  open(row: StoredTemplateRow, toVector: (bytes: Buffer) => Float32Array): TemplateRow {
    const { employee_id, office_id, template_id: id, model_id: modelId } = row;
    const bare = { employee_id, office_id, client: null, server: null };
    if (id === null || modelId === null) return bare;
    const template = { id, employeeId: employee_id, modelId };
    const { client, server } = this.models;
    const open = (vector: Buffer | null, column: VectorColumn, { dimension }: VectorModel) =>
      vector && toVector(this.vault.open(template, column, vector, dimension));
    try {
      return {
        ...bare,
        client: open(row.client, row.client_column, client),
        server: open(row.server, row.server_column, server),
      };
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
    const client: Float32Array[] = [];
    const server: Float32Array[] = [];
    for (; rows[at]?.employee_id === employee; at++) {
      const row = rows[at] as TemplateRow;
      if (row.client !== null) client.push(row.client);
      if (row.server !== null) server.push(row.server);
    }
    const missing = client.length + server.length - galleries.set(employee, { client, server }, office);
    if (missing > 0) {
      log.warn(
        { employee, templates: missing },
        'Templates of length zero match nobody. Enrol the employee again',
      );
    }
  }
}
