/** Stands for no scope in a row. */
const NO_SCOPE = 0;

/**
 * Which employees belong to which scope. Rows carry a scope's number; names are given numbers as they appear. Members
 * are listed only of scopes that somebody searches, from the first search on: lists of all would hold every employee
 * once more.
 */
export class Scopes {
  private readonly numbers = new Map<string, number>();
  private readonly lists = new Map<number, Set<string>>();

  /** The scope's number, a new one where it is new. */
  number(scope: string | null): number {
    if (scope === null) return NO_SCOPE;
    let number = this.numbers.get(scope);
    if (number === undefined) {
      number = NO_SCOPE + 1 + this.numbers.size;
      this.numbers.set(scope, number);
    }
    return number;
  }

  /** The number of a scope that somebody was in; null otherwise. */
  find(scope: string): number | null {
    return this.numbers.get(scope) ?? null;
  }

  /** @param list who is in the scope now; asked the first time */
  employees(number: number, list: () => Iterable<string>): ReadonlySet<string> {
    let employees = this.lists.get(number);
    if (employees === undefined) {
      employees = new Set(list());
      this.lists.set(number, employees);
    }
    return employees;
  }

  add(number: number, employee: string): void {
    this.lists.get(number)?.add(employee);
  }

  remove(number: number, employee: string): void {
    this.lists.get(number)?.delete(employee);
  }
}
