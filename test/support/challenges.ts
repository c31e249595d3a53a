import { SYSTEM } from '../../src/services/audit/actor';
import type { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Statements } from '../../src/database/statements';
import {
  ChallengeService,
  type NewChallenge,
  type Redeemer,
} from '../../src/services/attendance/check/challenge-service';
import { EmployeeService } from '../../src/services/employees/employee-service';
import { OfficeService } from '../../src/services/offices/office-service';

export function challengesOn(dataSource: DataSource, now: () => Date): ChallengeService {
  const offices = new OfficeService(dataSource);
  const employees = new EmployeeService(dataSource, offices);
  return new ChallengeService(new Statements(dataSource), offices, employees, true, now);
}

/** What most challenges are asked for, and most checks present: nothing in particular. */
export const plain: NewChallenge = { caller: 'kiosk', officeId: null, employeeId: null, liveness: false };
export const anyone: Redeemer = { caller: 'kiosk', officeId: null, employeeId: null, requestId: null };

export async function addOffice(dataSource: DataSource): Promise<string> {
  const { id } = await new OfficeService(dataSource).create(
    {
      name: 'Lima',
      latitude: null,
      longitude: null,
      radiusMeters: null,
      timeZone: 'UTC',
      allowVisitors: false,
    },
    SYSTEM,
  );
  return id;
}

/** @returns the row id */
export async function addEmployee(
  dataSource: DataSource,
  employeeId: string,
  active = true,
): Promise<string> {
  const id = uuidv7();
  await dataSource.query(
    `INSERT INTO employees (id, name, employee_id, active, created_at, image_path) VALUES ($1, 'N', $2, $3, now(), 'x')`,
    [id, employeeId, active],
  );
  return id;
}

/** A punch that a check with this requestId recorded. */
export async function addPunch(dataSource: DataSource, employee: string, requestId: string): Promise<void> {
  await dataSource.query(
    `INSERT INTO attendances (id, employee_id, sequence, type, recorded_at, similarity, request_id, image_path)
     SELECT $1, $2, count(*) + 1, 'LOGIN', now(), 1, $3, 'x' FROM attendances WHERE employee_id = $2`,
    [uuidv7(), employee, requestId],
  );
}
