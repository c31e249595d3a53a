import type { DataSource } from 'typeorm';
import { LeasedRows } from '../../../database/leased-rows';

/** A template without a vector of the server's model. */
export interface PendingTemplate {
  readonly id: string;
  readonly employee_id: string;
}

/** How many templates of active employees have a vector of the server's model, have none yet, and cannot have one. */
export interface ReindexCounts {
  readonly total: number;
  readonly pending: number;
  readonly failed: number;
}

/** Another attempt soon: what fails is mostly a CDN or a disk that comes back. */
const BACK_OFF = { firstRetryMs: 5000, maxRetryMs: 3_600_000 };

/** Names of models have no quotes: they are checked when a manifest or the configuration is read. */
const literal = (modelId: string): string => `'${modelId.replaceAll("'", "''")}'`;

/** SQL: the template has no vector of this model, and its photo has not been given up for it. */
export const isPending = (modelId: string, template = 'face_templates'): string => {
  const model = literal(modelId);
  return `(${template}.model_id <> ${model} AND ${template}.plain_model_id IS DISTINCT FROM ${model}
    AND ${template}.reindex_failed_model IS DISTINCT FROM ${model})`;
};

/** The templates that wait for a vector of the server's model, shared by all nodes. */
export const pendingTemplates = (dataSource: DataSource, modelId: string): LeasedRows<PendingTemplate> =>
  new LeasedRows(dataSource, {
    table: 'face_templates',
    pending: isPending(modelId),
    returning: 'id, employee_id',
    columns: { nextAt: 'reindex_next_at', attempts: 'reindex_attempts', error: 'reindex_error' },
    backOff: BACK_OFF,
  });

/** What can be asked, within a transaction or not. */
export type Queries = Pick<DataSource, 'query'>;

/** @returns of active employees */
export async function countTemplates(queries: Queries, modelId: string): Promise<ReindexCounts> {
  const [row] = await queries.query<ReindexCounts[]>(
    `SELECT count(*)::int AS total,
       (count(*) FILTER (WHERE ${isPending(modelId, 't')}))::int AS pending,
       (count(*) FILTER (WHERE t.reindex_failed_model = $1))::int AS failed
     FROM face_templates t JOIN employees e ON e.id = t.employee_id WHERE e.active`,
    [modelId],
  );
  return row ?? { total: 0, pending: 0, failed: 0 };
}
