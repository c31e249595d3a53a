import type { DerivedDay } from '@rollcall/working-days';

/** A derived day with whose it is. */
export interface EmployeeDay {
  /** The employee's row id. */
  readonly id: string;
  readonly day: DerivedDay;
  /** The moment for which it holds. */
  readonly derivedAt: Date;
}
