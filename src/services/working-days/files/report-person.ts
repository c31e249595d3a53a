import type { DerivedDay } from '@rollcall/working-days';

/** A person of a report with their days. */
export interface ReportPerson {
  readonly employeeId: string;
  readonly name: string;
  /** Today's. */
  readonly office: string | null;
  readonly days: readonly DerivedDay[];
}

/** What rows need besides days. */
export interface ReportNames {
  /** By id. */
  readonly offices: ReadonlyMap<string, string>;
  /** Codes of premiums that any assigned rules have, in order. */
  readonly premiums: readonly string[];
}
