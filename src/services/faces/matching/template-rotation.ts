import type { DataSource } from 'typeorm';
import { EnvelopeBroken, keyIdOf, open, rewrap } from '../../encryption/envelope';
import { UnknownKey, type KeyRing } from '../../encryption/key-ring';
import type { RotationProgress } from '../../encryption/rotation-progress';
import { FACE_API_DIMENSION } from '../engine/face-model-ids';
import { isSealed, ownerOf, TemplateVault, type TemplateIdentity, type VectorColumn } from './template-vault';

/** Small enough that nobody waits for the rows' locks, large enough that a million takes minutes. */
const BATCH = 500;
const NIL = '00000000-0000-0000-0000-000000000000';

interface Row {
  readonly id: string;
  readonly employee_id: string;
  readonly model_id: string;
  readonly dimension: number;
  readonly vector: Buffer;
  readonly plain_vector: Buffer | null;
  readonly plain_dimension: number | null;
}

interface Rewritten {
  readonly row: Row;
  readonly vector: Buffer;
  readonly plainVector: Buffer | null;
}

/** $1: the id of the wanted key; null: none, they stay as they are. */
const isStale = (column: VectorColumn, plainLength: string): string => `(CASE
  WHEN ${column} IS NULL THEN false
  WHEN $1::text IS NULL THEN octet_length(${column}) <> ${plainLength}
  ELSE octet_length(${column}) = ${plainLength} OR encode(substring(${column} from 5 for 8), 'hex') <> $1 END)`;
const STALE = `(${isStale('vector', 'dimension * 4')} OR ${isStale('plain_vector', `coalesce(plain_dimension, ${FACE_API_DIMENSION}) * 4`)})`;

/** Brings the vectors of templates under the current key: re-wraps their data keys, encrypts those that are not. */
export class TemplateRotation {
  /** @param target null: decrypt everything */
  constructor(
    private readonly dataSource: DataSource,
    private readonly keys: KeyRing,
    private readonly target: 'encrypted' | 'plain',
  ) {}

  /** How many templates are not in the wanted state. */
  async remaining(): Promise<number> {
    const [row] = await this.dataSource.query<{ count: number }[]>(
      `SELECT count(*)::int AS count FROM face_templates WHERE ${STALE}`,
      [this.targetId],
    );
    return row?.count ?? 0;
  }

  /** Re-encrypts the remaining templates in batches. Finished work is kept after an interruption. */
  async run(signal: AbortSignal, progress: RotationProgress): Promise<void> {
    for (let after = NIL; !signal.aborted;) {
      const rows = await this.dataSource.query<Row[]>(
        `SELECT id, employee_id, model_id, dimension, vector, plain_vector, plain_dimension FROM face_templates
         WHERE id > $2 AND ${STALE} ORDER BY id LIMIT ${BATCH}`,
        [this.targetId, after],
      );
      const last = rows.at(-1);
      if (last === undefined) return;
      progress.templates(await this.write(rows.flatMap((row) => this.rewritten(row, progress))));
      after = last.id;
    }
  }

  private rewritten(row: Row, progress: RotationProgress): Rewritten[] {
    try {
      const vector = this.fresh(row, 'vector', row.vector, row.dimension);
      const plainVector =
        row.plain_vector &&
        this.fresh(row, 'plain_vector', row.plain_vector, row.plain_dimension ?? FACE_API_DIMENSION);
      return [{ row, vector, plainVector }];
    } catch (error) {
      if (!(error instanceof EnvelopeBroken || error instanceof UnknownKey)) throw error;
      progress.unreadable(`template ${row.id}`, error.message);
      return [];
    }
  }

  /**
   * In one statement; a row that changed meanwhile is left alone, as is one that another process rewrote.
   * @returns how many
   */
  private async write(rewritten: readonly Rewritten[]): Promise<number> {
    if (rewritten.length === 0) return 0;
    // TypeORM answers an UPDATE with its rows and their number.
    const [, count] = await this.dataSource.query<[unknown[], number]>(
      `UPDATE face_templates t SET vector = n.vector, plain_vector = n.plain_vector
       FROM unnest($1::uuid[], $2::bytea[], $3::bytea[], $4::bytea[], $5::bytea[])
         AS n (id, vector, plain_vector, old_vector, old_plain_vector)
       WHERE t.id = n.id AND t.vector = n.old_vector AND t.plain_vector IS NOT DISTINCT FROM n.old_plain_vector`,
      [
        rewritten.map(({ row }) => row.id),
        rewritten.map(({ vector }) => vector),
        rewritten.map(({ plainVector }) => plainVector),
        rewritten.map(({ row }) => row.vector),
        rewritten.map(({ row }) => row.plain_vector),
      ],
    );
    return count;
  }

  private fresh(row: Row, column: VectorColumn, stored: Buffer, dimension: number): Buffer {
    const template: TemplateIdentity = { id: row.id, employeeId: row.employee_id, modelId: row.model_id };
    if (!isSealed(stored, dimension)) {
      return this.target === 'plain' ? stored : new TemplateVault(this.keys).seal(template, column, stored);
    }
    const owner = ownerOf(template, column);
    if (this.target === 'plain') return open(this.keys, owner, stored);
    return keyIdOf(stored) === this.targetId ? stored : rewrap(this.keys, owner, stored);
  }

  private get targetId(): string | null {
    return this.target === 'plain' ? null : this.keys.current.id;
  }
}
