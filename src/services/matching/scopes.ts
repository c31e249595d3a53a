/** Stands for no scope in a row. */
export const NO_SCOPE = 0;

/** Which employees belong to which scope. Rows carry a scope's number; names are given numbers as they appear. */
export class Scopes {
  private readonly numbers = new Map<string, number>();
  /** By number. The first one stays empty: nobody searches among those without a scope. */
  private readonly members: Set<string>[] = [new Set()];

  /** The scope's number, a new one where it is new. */
  number(scope: string | null): number {
    if (scope === null) return NO_SCOPE;
    let number = this.numbers.get(scope);
    if (number === undefined) {
      number = this.members.push(new Set()) - 1;
      this.numbers.set(scope, number);
    }
    return number;
  }

  /** The number of a scope that somebody was in; null otherwise. */
  find(scope: string): number | null {
    return this.numbers.get(scope) ?? null;
  }

  employees(number: number): ReadonlySet<string> {
    return this.members[number] as Set<string>;
  }

  add(number: number, employee: string): void {
    if (number !== NO_SCOPE) this.members[number]?.add(employee);
  }

  remove(number: number, employee: string): void {
    this.members[number]?.delete(employee);
  }
}
