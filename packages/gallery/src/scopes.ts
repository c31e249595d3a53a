/** Marks a row without a scope. */
const NO_SCOPE = 0;

interface Scope {
  readonly number: number;
  /** How many keys are in it. */
  size: number;
  /** Which they are; null until somebody asks. */
  keys: Set<string> | null;
}

/**
 * Which keys belong to which scope. Rows carry a scope's number; names are given numbers as they appear. Members
 * are listed only of scopes that are searched: lists of all would hold every key once more.
 */
export class Scopes {
  private readonly byName = new Map<string, Scope>();
  private readonly byNumber: Scope[] = [{ number: NO_SCOPE, size: 0, keys: null }];

  /** The scope's number, a new one if it is new. */
  number(name: string | null): number {
    if (name === null) return NO_SCOPE;
    let scope = this.byName.get(name);
    if (scope === undefined) {
      scope = { number: this.byNumber.length, size: 0, keys: null };
      this.byName.set(name, scope);
      this.byNumber.push(scope);
    }
    return scope.number;
  }

  /** The number and the size of a scope that some key was in; null otherwise. */
  find(name: string): Readonly<Pick<Scope, 'number' | 'size'>> | null {
    return this.byName.get(name) ?? null;
  }

  /** @param list what is in the scope now; asked the first time */
  keys(number: number, list: () => Iterable<string>): ReadonlySet<string> {
    const scope = this.byNumber[number] as Scope;
    return (scope.keys ??= new Set(list()));
  }

  add(number: number, key: string): void {
    const scope = this.byNumber[number] as Scope;
    scope.size++;
    scope.keys?.add(key);
  }

  remove(number: number, key: string): void {
    const scope = this.byNumber[number] as Scope;
    scope.size--;
    scope.keys?.delete(key);
  }
}
