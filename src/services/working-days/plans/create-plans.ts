import type { Base } from '../../../base';
import type { OfficeService } from '../../offices/office-service';
import { AbsenceImport } from './absence-import';
import { AbsenceService } from './absence-service';
import { AssignmentService } from './assignment-service';
import { DayPlanService } from './day-plan-service';
import { HolidayImport } from './holiday-import';
import { HolidayService } from './holiday-service';
import type { Days } from '../days/create-days';
import { OvertimeService } from './overtime-service';
import { PlannedDays } from './planned-days';
import { ScheduleService } from './schedule-service';
import { ShiftService } from './shift-service';
import { RulesService } from '../rules/rules-service';

export interface Plans {
  readonly shifts: ShiftService;
  readonly schedules: ScheduleService;
  readonly rules: RulesService;
  readonly assignments: AssignmentService;
  readonly dayPlans: DayPlanService;
  readonly planned: PlannedDays;
  readonly overtime: OvertimeService;
  readonly holidays: HolidayService;
  readonly holidayImport: HolidayImport;
  readonly absences: AbsenceService;
  readonly absenceImport: AbsenceImport;
}

/** Who is to work when, and by which rules. */
export function createPlans({ dataSource, now }: Base, offices: OfficeService, days: Days): Plans {
  const { reader, people, timesheets } = days;
  return {
    shifts: new ShiftService(dataSource, now),
    schedules: new ScheduleService(dataSource, now),
    rules: new RulesService(dataSource, now),
    assignments: new AssignmentService(dataSource, now),
    dayPlans: new DayPlanService(dataSource, now),
    planned: new PlannedDays(reader, people),
    overtime: new OvertimeService(dataSource, timesheets, people, now),
    holidays: new HolidayService(dataSource, offices, now),
    holidayImport: new HolidayImport(dataSource, offices, now),
    absences: new AbsenceService(dataSource, now),
    absenceImport: new AbsenceImport(dataSource, now),
  };
}
