/** Real: the service over HTTP, the database, real photos. Fake: the clock. */
import { createKey, type Key, Speaker, startClosed } from '../support/access';
import { Clock } from '../support/clock';
import { check, CHECK, collins, CREATE_OFFICE, hopper, register } from '../support/operations';
import { TestService } from '../support/service';
import { auditOf, MANUAL } from '../support/privacy';

interface Manual {
  readonly id: string;
  readonly recordedAt: string;
}

describe('a punch by hand', () => {
  let service: TestService;
  const clock = new Clock();
  const record = async (input: Readonly<Record<string, unknown>> = {}): Promise<Manual> =>
    (
      await service.ask<{ recordManualAttendance: Manual }>(MANUAL, {
        input: { employeeId: 'EMP-1', type: 'LOGIN', reason: 'The camera was broken', ...input },
      })
    ).recordManualAttendance;
  const fault = (input: Readonly<Record<string, unknown>>) =>
    service.fault(MANUAL, { input: { employeeId: 'EMP-1', type: 'LOGIN', reason: 'x', ...input } });

  beforeAll(async () => {
    service = await TestService.start({ now: clock.now, env: { PUNCH_MIN_INTERVAL_SECONDS: '0' } });
  });
  beforeEach(async () => {
    clock.set(Clock.START);
    await service.reset();
    await register(service);
  });
  afterAll(() => service.stop());

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

  describe('with a requestId', () => {
    const requestId = 'sheet-7/row-3';
    const total = async (): Promise<number> =>
      (await service.ask<{ attendances: { totalCount: number } }>('{ attendances { totalCount } }'))
        .attendances.totalCount;

    it('is recorded once, however often it is sent, and the retry gets the first answer', async () => {
      const first = await record({ requestId });
      clock.advance(3_600_000);
      expect(await record({ requestId })).toEqual(first);
      // What the first one said counts, as for a check: even where the retry could not be recorded today.
      clock.advance(400 * 86_400_000);
      expect(await record({ requestId, recordedAt: first.recordedAt })).toEqual(first);
      // Another punch is none of its retries.
      for (const other of [{ type: 'LOGOUT' }, { recordedAt: clock.now().toISOString() }])
        expect(await fault({ requestId, ...other })).toMatchObject({
          message: 'This requestId belongs to another punch of the employee; use a new one',
          extensions: { code: 'CONFLICT', field: 'requestId' },
        });
      expect(await total()).toBe(1);
      expect(await auditOf(service, { action: 'attendance.manual' })).toHaveLength(1);
      // Nor is a check, or a punch by hand one of a check.
      const checked = await service.fault(CHECK, { input: { ...hopper, employeeId: 'EMP-1', requestId } });
      expect(checked.extensions).toMatchObject({ code: 'CONFLICT', field: 'requestId' });
      await check(service, { employeeId: 'EMP-1', requestId: 'by-face' });
      expect((await fault({ requestId: 'by-face' })).extensions.code).toBe('CONFLICT');
    });

    it('of another employee is refused, whichever way that punch was made', async () => {
      await register(service, { employeeId: 'EMP-2', name: 'Eileen Collins', ...collins });
      await record({ requestId });
      await check(service, { employeeId: 'EMP-1', requestId: 'checked' });
      for (const taken of [requestId, 'checked']) {
        expect(await fault({ employeeId: 'EMP-2', requestId: taken })).toMatchObject({
          message: "This requestId belongs to another employee's punch; use a new one",
          extensions: { code: 'CONFLICT', field: 'requestId' },
        });
      }
      expect(await total()).toBe(2);
      for (const unfit of ['', 'x'.repeat(65)])
        expect((await fault({ requestId: unfit })).extensions).toMatchObject({
          code: 'BAD_USER_INPUT',
          field: 'requestId',
        });
    });

    it('races with itself, and is recorded once', async () => {
      const punches = await Promise.all(Array.from({ length: 8 }, () => record({ requestId })));
      expect(new Set(punches.map(({ id }) => id)).size).toBe(1);
      expect(await total()).toBe(1);
    });

    it('races with the same one of another employee, and one of them has it', async () => {
      await register(service, { employeeId: 'EMP-2', name: 'Eileen Collins', ...collins });
      for (let n = 0; n < 5; n++) {
        const input = {
          type: 'LOGIN',
          reason: 'x',
          requestId: `r-${n}`,
          recordedAt: `2026-03-01T0${n}:00:00Z`,
        };
        const answers = await Promise.all(
          ['EMP-1', 'EMP-2'].map((employeeId) => service.send(MANUAL, { input: { ...input, employeeId } })),
        );
        const codes = answers.map(({ errors }) => errors?.[0]?.extensions.code ?? 'none');
        expect(codes.sort()).toEqual(['CONFLICT', 'none']);
      }
      expect(await total()).toBe(5);
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

it('the API tells a VIEWER that a punch was made by hand, and by whom, and not why', async () => {
  const { service, admin } = await startClosed();
  try {
    await register(admin);
    await admin.ask(MANUAL, { input: { employeeId: 'EMP-1', type: 'LOGIN', reason: 'At the doctor' } });
    const [viewer, hr] = [await createKey(admin, { role: 'VIEWER' }), await createKey(admin, { role: 'HR' })];
    const manualTo = async ({ secret }: Key): Promise<unknown> =>
      (
        await new Speaker(service, secret).ask<{ attendances: { nodes: { manual: unknown }[] } }>(
          '{ attendances { nodes { manual { reason recordedBy } } } }',
        )
      ).attendances.nodes[0]?.manual;
    expect(await manualTo(viewer)).toEqual({ reason: null, recordedBy: 'admin' });
    expect(await manualTo(hr)).toEqual({ reason: 'At the doctor', recordedBy: 'admin' });
  } finally {
    await service.stop();
  }
});
