/** Real: the service over HTTP, both databases, real photos. Fake: the clock. */
import { Clock } from '../support/clock';
import { databaseKinds } from '../support/databases';
import { check, CREATE_OFFICE, register } from '../support/operations';
import { TestService } from '../support/service';
import { auditOf, MANUAL } from './support';

interface Manual {
  readonly id: string;
  readonly recordedAt: string;
}

describe.each(databaseKinds)('a punch by hand on %s', (kind) => {
  let service: TestService;
  let clock: Clock;
  const record = async (input: Readonly<Record<string, unknown>> = {}): Promise<Manual> =>
    (
      await service.ask<{ recordManualAttendance: Manual }>(MANUAL, {
        input: { employeeId: 'EMP-1', type: 'LOGIN', reason: 'The camera was broken', ...input },
      })
    ).recordManualAttendance;
  const fault = (input: Readonly<Record<string, unknown>>) =>
    service.fault(MANUAL, { input: { employeeId: 'EMP-1', type: 'LOGIN', reason: 'x', ...input } });

  beforeEach(async () => {
    clock = new Clock();
    service = await TestService.start(kind, { now: clock.now, env: { PUNCH_MIN_INTERVAL_SECONDS: '0' } });
    await register(service);
  });
  afterEach(() => service.stop());

  it('is marked as such everywhere, has a reason, and no photo', async () => {
    const punch = await record({ employeeId: 'emp-1' });
    expect(punch).toEqual({
      id: punch.id,
      type: 'LOGIN',
      recordedAt: '2026-03-02T08:00:00.000Z',
      similarity: 0,
      imageUrl: null,
      localImageUrl: null,
      cloudinaryImageUrl: null,
      latitude: null,
      distanceFromOffice: null,
      manual: {
        reason: 'The camera was broken',
        recordedBy: 'open',
        enteredAt: '2026-03-02T08:00:00.000Z',
      },
      proof: { descriptorSource: 'MANUAL', challenge: false, liveness: false, manual: true },
      employee: { employeeId: 'EMP-1' },
    });
    await check(service);
    const { attendances } = await service.ask<{ attendances: { nodes: unknown[] } }>(
      '{ attendances { nodes { manual { reason } proof { manual descriptorSource } } } }',
    );
    expect(attendances.nodes).toEqual([
      { manual: null, proof: { manual: false, descriptorSource: 'CLIENT' } },
      { manual: { reason: 'The camera was broken' }, proof: { manual: true, descriptorSource: 'MANUAL' } },
    ]);
    const [event] = await auditOf(service, { action: 'attendance.manual' });
    expect(event).toMatchObject({ caller: 'open', outcome: 'OK' });
    expect(event?.details).toContainEqual({ name: 'attendanceId', value: punch.id });
    expect(JSON.stringify(event)).not.toContain('camera');
    // Nothing is left to upload.
    expect(await service.ask('{ storageStatus { pendingUploads failedUploads } }')).toEqual({
      storageStatus: { pendingUploads: 2, failedUploads: 0 },
    });
  });

  it('counts in the direction of the next one, at the place of its time', async () => {
    await record();
    clock.advance(3_600_000);
    expect((await check(service)).message).toBe('Logout recorded successfully!');
    clock.advance(3_600_000);
    // Yesterday's forgotten punch does not turn today's around.
    await record({ type: 'LOGOUT', recordedAt: '2026-03-01T17:00:00.000Z' });
    expect((await check(service)).message).toBe('Login recorded successfully!');
    await record({ type: 'LOGIN', recordedAt: '2026-02-28T17:00:00.000Z' });
    clock.advance(1000);
    expect((await check(service)).message).toBe('Logout recorded successfully!');
    const { attendances } = await service.ask<{ attendances: { nodes: { recordedAt: string }[] } }>(
      '{ attendances { nodes { recordedAt } } }',
    );
    const times = attendances.nodes.map(({ recordedAt }) => recordedAt);
    expect(times).toEqual([...times].sort().reverse());
    expect(times).toHaveLength(6);
  });

  it('is refused without a reason, in the future, long ago, twice, and for nobody', async () => {
    expect((await fault({ reason: '  ' })).extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'reason',
    });
    expect((await fault({ recordedAt: '2026-03-02T08:05:00.000Z' })).extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'recordedAt',
    });
    expect((await fault({ recordedAt: '2025-01-01T08:00:00.000Z' })).extensions['field']).toBe('recordedAt');
    await record();
    expect((await fault({})).extensions).toMatchObject({ code: 'CONFLICT', field: 'recordedAt' });
    expect((await fault({ employeeId: 'NOBODY' })).extensions.code).toBe('NOT_FOUND');
  });

  it('is for the office that the employee has, without its geofence', async () => {
    const { createOffice } = await service.ask<{ createOffice: { id: string } }>(CREATE_OFFICE, {
      input: { name: 'HQ', latitude: 1, longitude: 1, radiusMeters: 10 },
    });
    await service.ask('mutation ($input: UpdateEmployeeInput!) { updateEmployee(input: $input) { id } }', {
      input: { employeeId: 'EMP-1', officeId: createOffice.id },
    });
    await record();
    expect(await service.ask('{ attendances { nodes { office { name } } } }')).toEqual({
      attendances: { nodes: [{ office: { name: 'HQ' } }] },
    });
  });

  it('races with checks of the same employee, and none is lost', async () => {
    await Promise.all([
      ...Array.from({ length: 6 }, () => check(service, { employeeId: 'EMP-1' })),
      ...Array.from({ length: 6 }, (_, n) => record({ recordedAt: `2026-03-01T0${n}:00:00.000Z` })),
    ]);
    expect(await service.ask('{ attendances { totalCount } }')).toEqual({ attendances: { totalCount: 12 } });
  });
});
