/** Real: the service over HTTP on the database of the run. Fake: nothing. */
import { distanceMeters } from '../../src/services/attendance/check/geofence';
import { Clock } from '../support/clock';
import { check, CHECK, CREATE_OFFICE, hopperAgain, punchCount, register } from '../support/operations';
import { TestService } from '../support/service';

const MADRID = { latitude: 40.4168, longitude: -3.7038 };

describe('distanceMeters', () => {
  it.each([
    // Computed with the same radius by the spherical law of cosines in 60-digit arithmetic.
    ['Madrid to Barcelona', MADRID, { latitude: 41.3874, longitude: 2.1686 }, 505_096.3618, 0.001],
    ['a degree of latitude', { latitude: 0, longitude: 0 }, { latitude: 1, longitude: 0 }, 111_195.08, 0.01],
    [
      'across the date line',
      { latitude: 0, longitude: 179.5 },
      { latitude: 0, longitude: -179.5 },
      111_195.08,
      0.01,
    ],
    [
      'to the antipode',
      { latitude: 0, longitude: 0 },
      { latitude: 0, longitude: 180 },
      20_015_114.442,
      0.001,
    ],
    ['nowhere', MADRID, MADRID, 0, 1e-9],
  ])('measures %s', (_, a, b, expected, tolerance) => {
    expect(Math.abs(distanceMeters(a, b) - expected)).toBeLessThanOrEqual(tolerance);
    expect(distanceMeters(b, a)).toBeCloseTo(distanceMeters(a, b), 6);
  });
});

describe('the geofence', () => {
  let service: TestService;
  let officeId: string;

  beforeAll(async () => {
    service = await TestService.start({ env: { PUNCH_MIN_INTERVAL_SECONDS: '0' } });
    const { createOffice } = await service.ask<{ createOffice: { id: string } }>(CREATE_OFFICE, {
      input: { name: 'Madrid', ...MADRID, radiusMeters: 100, timeZone: 'Europe/Madrid' },
    });
    officeId = createOffice.id;
    await register(service, { officeId });
  });
  afterAll(() => service.stop());

  it('records a punch inside, with the distance', async () => {
    // 0.0005 degrees of latitude are 55.6 m.
    const answer = await check(service, { latitude: MADRID.latitude + 0.0005, longitude: MADRID.longitude });
    expect(answer).toMatchObject({ status: 'RECORDED', attendance: { office: { id: officeId } } });
    expect(answer.distanceFromOffice).toBeCloseTo(55.6, 1);
    expect(answer.attendance).toMatchObject({
      distanceFromOffice: answer.distanceFromOffice,
      latitude: MADRID.latitude + 0.0005,
      longitude: MADRID.longitude,
    });
  });

  it('refuses one outside, and writes nothing', async () => {
    const before = await punchCount(service);
    const answer = await check(service, { latitude: MADRID.latitude + 0.001, longitude: MADRID.longitude });
    expect(answer).toMatchObject({ status: 'OUTSIDE_OFFICE', office: { id: officeId, name: 'Madrid' } });
    expect(answer.distanceFromOffice).toBeCloseTo(111.2, 1);
    expect(answer.similarity).toBeGreaterThan(0.95);
    expect(await punchCount(service)).toBe(before);
  });

  it('asks for the position if it is missing, and for the other half of one', async () => {
    const missing = await service.fault(CHECK, { input: hopperAgain });
    expect(missing.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'latitude' });
    expect(missing.message).toContain('latitude and longitude');
    const half = await service.fault(CHECK, { input: { ...hopperAgain, latitude: 1 } });
    expect(half.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'longitude' });
  });

  it('records a null distance if the office has none', async () => {
    const { createOffice } = await service.ask<{ createOffice: { id: string } }>(CREATE_OFFICE, {
      input: { name: 'Anywhere' },
    });
    await service.ask(
      'mutation ($input: UpdateEmployeeInput!) { updateEmployee(input: $input) { office { id } } }',
      { input: { employeeId: 'EMP-1', officeId: createOffice.id } },
    );
    const answer = await check(service, { latitude: 1, longitude: 2 });
    expect(answer).toMatchObject({
      status: 'RECORDED',
      distanceFromOffice: null,
      attendance: { latitude: 1, longitude: 2, office: { id: createOffice.id } },
    });
  });
});

const UNCERTAIN = CHECK.replace(
  '... on FaceMismatch',
  '... on PositionUncertain { office { name } hint } ... on FaceMismatch',
);
const QUALITY = '{ attendances(first: 1) { nodes { positionAccuracyMeters positionTakenAt } } }';

describe('a position that is poor or old', () => {
  const clock = new Clock();
  let service: TestService;

  beforeAll(async () => {
    service = await TestService.start({ env: { PUNCH_MIN_INTERVAL_SECONDS: '0' }, now: clock.now });
    const { createOffice } = await service.ask<{ createOffice: { id: string } }>(CREATE_OFFICE, {
      input: { name: 'Madrid', ...MADRID, radiusMeters: 100, timeZone: 'Europe/Madrid' },
    });
    await register(service, { officeId: createOffice.id });
  });
  afterAll(() => service.stop());

  /** @param meters to the north of the office */
  const at = async (meters: number, accuracy: number | null, ageSeconds: number | null) => {
    const positionTakenAt =
      ageSeconds === null ? null : new Date(clock.now().getTime() - ageSeconds * 1000).toISOString();
    const position = { latitude: MADRID.latitude + meters / 111_195.08, longitude: MADRID.longitude };
    const { checkAttendance } = await service.ask<{ checkAttendance: Record<string, unknown> }>(UNCERTAIN, {
      input: { ...hopperAgain, ...position, positionAccuracyMeters: accuracy, positionTakenAt },
    });
    return checkAttendance;
  };

  it.each([
    ['crosses the fence from inside and is poor', 50, 151, 0, 'POSITION_UNCERTAIN'],
    ['crosses it from outside and is poor', 200, 151, null, 'POSITION_UNCERTAIN'],
    ['crosses it and is old', 90, 20, 121, 'POSITION_UNCERTAIN'],
    ['crosses it, and is good and fresh enough', 90, 150, 120, 'RECORDED'],
    ['is outside, good and fresh', 110, 150, 120, 'OUTSIDE_OFFICE'],
    ['is poor and old, but all outside', 2000, 500, 999, 'OUTSIDE_OFFICE'],
    ['is old, but all inside', 10, 20, 999, 'RECORDED'],
    ['says nothing of itself', 90, null, null, 'RECORDED'],
    ['says only its time', 90, null, 999, 'RECORDED'],
  ])('that %s', async (_, meters, accuracy, age, status) => {
    const answer = await at(meters, accuracy, age);
    expect(answer).toMatchObject({ status });
    if (status === 'POSITION_UNCERTAIN') {
      expect(answer).toMatchObject({
        office: { name: 'Madrid' },
        hint: expect.stringContaining('window') as unknown,
      });
    }
  });

  it('is kept with the punch, for HR to see', async () => {
    clock.advance(60_000);
    await at(10, 20, 30);
    const { attendances } = await service.ask<{ attendances: { nodes: unknown[] } }>(QUALITY);
    expect(attendances.nodes).toEqual([
      {
        positionAccuracyMeters: 20,
        positionTakenAt: new Date(clock.now().getTime() - 30_000).toISOString(),
      },
    ]);
  });

  it('that is no radius is refused', async () => {
    const fault = await service.fault(CHECK, { input: { ...hopperAgain, positionAccuracyMeters: -1 } });
    expect(fault.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
  });
});
