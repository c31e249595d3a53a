import type { Base } from '../../../base';
import type { EmployeeService } from '../../employees/employee-service';
import type { OfficeService } from '../../offices/office-service';
import { DayCorrections } from './day-corrections';
import { DayLists } from './day-lists';
import { DayReader } from './day-reader';
import { DayThreads } from './day-threads';
import { MusterService } from './muster-service';
import { PeopleFinder } from './people-finder';
import { PlannedDirection } from './planned-direction';
import { Timesheets } from './timesheets';
import { WorkTotals } from './work-totals';

export interface Days {
  readonly reader: DayReader;
  readonly threads: DayThreads;
  readonly lists: DayLists;
  readonly timesheets: Timesheets;
  readonly totals: WorkTotals;
  readonly muster: MusterService;
  readonly people: PeopleFinder;
  readonly corrections: DayCorrections;
  readonly direction: PlannedDirection;
}

/** What people worked, derived whenever it is read. */
export function createDays(
  { config, dataSource, statements, now }: Base,
  offices: OfficeService,
  employees: EmployeeService,
): Days {
  const threads = new DayThreads();
  const reader = new DayReader(statements, threads, now);
  return {
    reader,
    threads,
    lists: new DayLists(reader),
    timesheets: new Timesheets(reader, statements),
    totals: new WorkTotals(reader),
    muster: new MusterService(statements, offices, reader, now),
    people: new PeopleFinder(employees, offices),
    corrections: new DayCorrections(dataSource, statements),
    direction: new PlannedDirection(reader, config.checks.openLoginMaxHours),
  };
}
