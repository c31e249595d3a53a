import type { CustomTypesConfig, Pool, QueryResultRow } from 'pg';
import type { DataSource } from 'typeorm';

/**
 * Prepared statements on the DataSource's own pool, for the few queries of a check. TypeORM's `query` cannot name or prepare
 * a statement and costs a check twice as much as the driver.
 */
export class Statements {
  private readonly pool: Pick<Pool, 'query'>;

  constructor(dataSource: DataSource) {
    // TypeORM types the driver loosely; the postgres driver keeps its pg (or PGlite) pool in `master`.
    this.pool = (dataSource.driver as unknown as { master: Pool }).master;
  }

  /**
   * @param name each connection prepares the statement once under this name. A name always has the same text
   * @param types how values are read. Omitted: as `pg` does
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
