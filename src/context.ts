import DataLoader from 'dataloader';
import { In, IsNull, type DataSource } from 'typeorm';
import { AttendanceVoid } from './entities/attendance-void.entity';
import { Attendance } from './entities/attendance.entity';
import { CorrectionChange } from './entities/correction-change.entity';
import { Correction } from './entities/correction.entity';
import { EmployeeOffice } from './entities/employee-office.entity';
import { Absence } from './entities/absence.entity';
import { Employee } from './entities/employee.entity';
import { FaceTemplate } from './entities/face-template.entity';
import { Holiday } from './entities/holiday.entity';
import { Office } from './entities/office.entity';
import { ScheduleDay } from './entities/schedule-day.entity';
import { Schedule } from './entities/schedule.entity';
import { Shift } from './entities/shift.entity';
import { WorkRulesVersion } from './entities/work-rules-version.entity';
import { WorkRules } from './entities/work-rules.entity';
import type { LocalDate } from './entities/local-scalars';
import type { Requester } from './services/access/requester';
import type { PunchDays } from './services/working-days/punches/punch-days';
import type { DatedPunch } from './services/working-days/punches/stretches';

/** What a resolver knows about the request. */
export interface Context {
  readonly requester: Requester;
  readonly requestId: string;
  readonly loaders: Loaders;
}

/** Loads each row once a request, all that a page needs in one statement. */
export interface Loaders {
  readonly employee: DataLoader<string, Employee | null>;
  readonly office: DataLoader<string, Office | null>;
  readonly attendance: DataLoader<string, Attendance | null>;
  /** The date of the working day to which a punch counts; null: none. */
  readonly workDate: DataLoader<DatedPunch, LocalDate | null, string>;
  readonly correction: DataLoader<string, Correction | null>;
  /** By the correction's id, in their order. */
  readonly correctionChanges: DataLoader<string, readonly CorrectionChange[]>;
  /** The void in force, by the punch's id. */
  readonly attendanceVoid: DataLoader<string, AttendanceVoid | null>;
  /** By the employee's row id, oldest first. */
  readonly faceTemplates: DataLoader<string, readonly FaceTemplate[]>;
  /** By the employee's row id, oldest first. */
  readonly employeeOffices: DataLoader<string, readonly EmployeeOffice[]>;
  readonly shift: DataLoader<string, Shift | null>;
  readonly holiday: DataLoader<string, Holiday | null>;
  readonly absence: DataLoader<string, Absence | null>;
  readonly schedule: DataLoader<string, Schedule | null>;
  /** By the schedule's id, in their order. */
  readonly scheduleDays: DataLoader<string, readonly ScheduleDay[]>;
  readonly workRules: DataLoader<string, WorkRules | null>;
  /** By the rules' id, oldest first. */
  readonly workRulesVersions: DataLoader<string, readonly WorkRulesVersion[]>;
}

type ById = Absence | Employee | Holiday | Office | Attendance | Correction | Shift | Schedule | WorkRules;

export function createLoaders(dataSource: DataSource, punchDays: Pick<PunchDays, 'datesOf'>): Loaders {
  const byId = <T extends ById>(entity: new () => T): DataLoader<string, T | null> =>
    new DataLoader(async (ids) => {
      // The constraint of FindOptionsWhere cannot see through T; all these entities have an id.
      const where = { id: In([...ids]) } as object;
      const rows = await dataSource.getRepository<T>(entity).find({ where });
      const found = new Map(rows.map((row) => [row.id, row]));
      return ids.map((id) => found.get(id) ?? null);
    });
  const faceTemplates = new DataLoader<string, readonly FaceTemplate[]>(async (employees) => {
    const templates = await dataSource.getRepository(FaceTemplate).find({
      // Not the vector: nothing that answers a client needs it.
      select: {
        id: true,
        employeeId: true,
        createdAt: true,
        source: true,
        modelId: true,
        duplicateAllowed: true,
      },
      where: { employeeId: In([...employees]) },
      order: { createdAt: 'ASC', id: 'ASC' },
    });
    return employees.map((employee) => templates.filter(({ employeeId }) => employeeId === employee));
  });
  const correctionChanges = new DataLoader<string, readonly CorrectionChange[]>(async (corrections) => {
    const where = { correctionId: In([...corrections]) };
    const changes = await dataSource
      .getRepository(CorrectionChange)
      .find({ where, order: { position: 'ASC' } });
    return corrections.map((id) => changes.filter(({ correctionId }) => correctionId === id));
  });
  const attendanceVoid = new DataLoader<string, AttendanceVoid | null>(async (punches) => {
    const where = { attendanceId: In([...punches]), restoredAt: IsNull() };
    const voids = await dataSource.getRepository(AttendanceVoid).find({ where });
    const found = new Map(voids.map((row) => [row.attendanceId, row]));
    return punches.map((id) => found.get(id) ?? null);
  });
  const scheduleDays = new DataLoader<string, readonly ScheduleDay[]>(async (schedules) => {
    const where = { scheduleId: In([...schedules]) };
    const days = await dataSource.getRepository(ScheduleDay).find({ where, order: { day: 'ASC' } });
    return schedules.map((id) => days.filter(({ scheduleId }) => scheduleId === id));
  });
  const employeeOffices = new DataLoader<string, readonly EmployeeOffice[]>(async (employees) => {
    const where = { employeeId: In([...employees]) };
    const periods = await dataSource
      .getRepository(EmployeeOffice)
      .find({ where, order: { validFrom: 'ASC' } });
    return employees.map((id) => periods.filter(({ employeeId }) => employeeId === id));
  });
  const workRulesVersions = new DataLoader<string, readonly WorkRulesVersion[]>(async (rules) => {
    const where = { rulesId: In([...rules]) };
    const versions = await dataSource
      .getRepository(WorkRulesVersion)
      .find({ where, order: { version: 'ASC' } });
    return rules.map((id) => versions.filter(({ rulesId }) => rulesId === id));
  });
  const workDate = new DataLoader<DatedPunch, LocalDate | null, string>(
    (punches) => punchDays.datesOf(punches),
    { cacheKeyFn: ({ id }) => id },
  );
  return {
    ...{
      shift: byId(Shift),
      holiday: byId(Holiday),
      absence: byId(Absence),
      schedule: byId(Schedule),
      workRules: byId(WorkRules),
      scheduleDays,
      workRulesVersions,
      employeeOffices,
    },
    ...{ employee: byId(Employee), office: byId(Office), faceTemplates },
    ...{
      attendance: byId(Attendance),
      correction: byId(Correction),
      correctionChanges,
      attendanceVoid,
      workDate,
    },
  };
}
