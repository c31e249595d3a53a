import type { Installation } from './installation';

/**
 * Two people with a shift from 07:00 to 15:30 every day. On one day Grace Hopper comes late and forgets to log out, and
 * Eileen Collins does not come.
 * @param date of that day, YYYY-MM-DD
 */
export async function planWork(place: Installation, date: string): Promise<void> {
  const ask = (query: string, input: object) => place.ask<Record<string, { id: string }>>(query, { input });
  const idOf = async (query: string, input: object): Promise<string> =>
    Object.values(await ask(query, input))[0]?.id ?? '';
  const punch = (employeeId: string, type: string, time: string) =>
    ask('mutation ($input: RecordManualAttendanceInput!) { recordManualAttendance(input: $input) { id } }', {
      ...{ employeeId, type, recordedAt: `${date}T${time}:00Z`, reason: 'x' },
    });

  await place.enrol('Grace Hopper', 'GH-1906', 'grace-hopper-2.jpg');
  await place.enrol('Eileen Collins', 'EC-1956', 'eileen-collins-2.jpg');
  for (const employeeId of ['GH-1906', 'EC-1956']) {
    await place.ask(`mutation ($input: UpdateEmployeeInput!) { updateEmployee(input: $input) { id } }`, {
      input: { employeeId, employedFrom: '2026-01-01' },
    });
  }
  const shiftId = await idOf('mutation ($input: CreateShiftInput!) { createShift(input: $input) { id } }', {
    ...{ name: 'Day', segments: [{ from: '07:00', to: '15:30' }], breakMinutes: 30 },
  });
  const scheduleId = await idOf(
    'mutation ($input: CreateScheduleInput!) { createSchedule(input: $input) { id } }',
    { name: 'Every day', cycleDays: 1, anchor: '2024-01-01', days: [{ day: 1, shiftId }] },
  );
  const rulesId = await idOf(
    'mutation ($input: CreateWorkRulesInput!) { createWorkRules(input: $input) { id } }',
    {
      ...{ name: 'DE', preset: 'GERMANY' },
    },
  );
  await ask('mutation ($input: AssignScheduleInput!) { assignSchedule(input: $input) { id } }', {
    ...{ officeId: place.office.id, scheduleId, rulesId, from: '2026-01-01' },
  });
  // Late, and forgot to log out. The other one did not come.
  await punch('GH-1906', 'LOGIN', '09:00');
}
