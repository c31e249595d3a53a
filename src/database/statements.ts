import type { CustomTypesConfig, Pool, QueryResultRow } from 'pg';
import type { DataSource } from 'typeorm';

/**
 * Prepared statements on the DataSource's own pool, for the few queries of the hot path: TypeORM's `query` neither
 * prepares nor lets a statement be named, and costs a check twice what the driver does.
 */
export class Statements {
  private readonly pool: Pick<Pool, 'query'>;

  constructor(dataSource: DataSource) {
    // TypeORM types the driver loosely; the postgres driver keeps its pg (or PGlite) pool in `master`.
    this.pool = (dataSource.driver as unknown as { master: Pool }).master;
  }

  /**
   * @param name the statement is prepared once per connection under it; one name, one text
   * @param types how values are read; left out: as `pg` does
   * @returns the rows
   */
  async run<R extends QueryResultRow>(
    name: string,
    text: string,
    values: readonly unknown[],
    types?: CustomTypesConfig,
  ): Promise<R[]> {
    const result = await this.pool.query<R>({
      name,
      text,
      values: [...values],
      ...(types === undefined ? {} : { types }),
    });
    return result.rows;
  }
}
