import { ArgsType, Field, Int, ObjectType, type ClassType } from 'type-graphql';
import { MAX_PAGE, type Page } from '../database/paging';

@ObjectType({ description: 'Position of a page in its list.' })
class PageInfo {
  @Field(() => Boolean, { description: 'Whether the list has rows after this page.' })
  hasNextPage!: boolean;

  @Field(() => Boolean, { description: 'Whether the list has rows before this page.' })
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: 'Cursor of the first row. Null on an empty page.' })
  startCursor!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Cursor of the last row: the `after` of the next page. Null on an empty page.',
  })
  endCursor!: string | null;
}

/** Which page of a list. */
@ArgsType()
export class PageArgs {
  @Field(() => Int, { defaultValue: 50, description: `Rows per page, 1 to ${MAX_PAGE}.` })
  first!: number;

  @Field(() => String, {
    nullable: true,
    description: '`endCursor` of the previous page. Omit for the first page.',
  })
  after?: string | null;
}

/** The complexity of a page for graphql-query-complexity: its rows times the complexity of each. */
export const pageComplexity = ({
  args,
  childComplexity,
}: {
  args: Record<string, unknown>;
  childComplexity: number;
}): number => {
  const first = typeof args['first'] === 'number' ? args['first'] : 50;
  return 1 + Math.min(Math.max(first, 1), MAX_PAGE) * childComplexity;
};

/** Makes the connection and edge types of a list, as the Relay cursor specification names them. */
export function connectionOf<T extends object>(name: string, what: string, nodeType: () => ClassType<T>) {
  @ObjectType(`${name}Edge`, { description: `One of the ${what}, with its position in the list.` })
  class Edge {
    @Field(() => String, { description: 'Position of this row in the list.' })
    cursor!: string;

    @Field(nodeType, { description: 'The row.' })
    node!: T;
  }

  @ObjectType(`${name}Connection`, { description: `A page of ${what}.` })
  class Connection {
    constructor(private readonly page: Page<T>) {}

    @Field(() => [nodeType()], { description: 'Rows of this page.' })
    get nodes(): readonly T[] {
      return this.page.rows;
    }

    @Field(() => [Edge], { description: 'Rows of this page with their cursors.' })
    get edges(): Edge[] {
      return this.page.rows.map((node) => ({ cursor: this.page.cursorOf(node), node }));
    }

    @Field(() => PageInfo, { description: 'Position of this page in the list.' })
    get pageInfo(): PageInfo {
      const { rows, hasNextPage, hasPreviousPage, cursorOf } = this.page;
      const [start, end] = [rows[0], rows.at(-1)];
      return {
        hasNextPage,
        hasPreviousPage,
        startCursor: start === undefined ? null : cursorOf(start),
        endCursor: end === undefined ? null : cursorOf(end),
      };
    }

    @Field(() => Int, { description: 'Number of rows on all pages.' })
    totalCount(): Promise<number> {
      return this.page.totalCount();
    }
  }
  return Connection;
}
