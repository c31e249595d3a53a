import { BREAK, isObjectType, Kind, visit, type DocumentNode, type GraphQLSchema } from 'graphql';

/**
 * Remembers what documents cost, since counting costs as much as executing. Only of documents that cost the same
 * with whatever variables: one operation, no directives (@include and @skip may depend on a variable), no lists of
 * pages (whose `first` may). Apollo keeps parsed documents, so a client's document is the same object every time.
 */
export class ComplexityMemory {
  private readonly known = new WeakMap<DocumentNode, number>();
  /** Fields that have their own estimator, by name. */
  private readonly paged: ReadonlySet<string>;

  constructor(schema: GraphQLSchema) {
    this.paged = new Set(
      Object.values(schema.getTypeMap())
        .filter(isObjectType)
        .flatMap((type) => Object.values(type.getFields()))
        .filter((field) => field.extensions['complexity'] !== undefined)
        .map((field) => field.name),
    );
  }

  /** @param count counts; 0 if the variables do not fit, which is not remembered */
  of(document: DocumentNode, count: () => number): number {
    const known = this.known.get(document);
    if (known !== undefined) return known;
    const complexity = count();
    if (complexity > 0 && !this.varies(document)) this.known.set(document, complexity);
    return complexity;
  }

  private varies(document: DocumentNode): boolean {
    const operations = document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
    let varies = operations.length !== 1;
    const found = (): typeof BREAK => {
      varies = true;
      return BREAK;
    };
    visit(document, {
      Directive: found,
      Field: ({ name }) => (this.paged.has(name.value) ? found() : undefined),
    });
    return varies;
  }
}
