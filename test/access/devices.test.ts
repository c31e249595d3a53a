/** Real: the service over HTTP, the database, descriptors of real photos. Fake: the clock. */
import { CREATE_KEY, createKey, createOffice, Speaker, startClosed } from '../support/access';
import { pair } from '../support/kiosks';
import {
  CHECK,
  type CheckAnswer,
  check,
  collins,
  hopper,
  hopperAgain,
  register,
} from '../support/operations';
import type { TestService } from '../support/service';

const PLACES = '{ attendances(first: 1) { nodes { latitude distanceFromOffice proof { place } } } }';

describe('the device of an API key', () => {
  let service: TestService;
  let admin: Speaker;
  let office: string;
  let fixed: Speaker;
  let mobile: Speaker;

  beforeEach(async () => {
    ({ service, admin } = await startClosed());
    office = await createOffice(admin, { name: 'Lima', latitude: 0, longitude: 0, radiusMeters: 100 });
    fixed = new Speaker(service, await pair(admin, service, office));
    mobile = new Speaker(service, (await createKey(admin, { role: 'KIOSK', officeId: office })).secret);
    await register(admin, { officeId: office });
  });
  afterEach(() => service.stop());

  const far = { latitude: 50, longitude: 50, positionAccuracyMeters: 20_000_000 };
  const near = { latitude: 0, longitude: 0.0001 };
  const place = async () =>
    (await admin.ask<{ attendances: { nodes: object[] } }>(PLACES)).attendances.nodes[0];
  const statusOf = async (by: Speaker, input: object): Promise<string> => {
    const { data, errors } = await by.send<{ checkAttendance: CheckAnswer }>(CHECK, {
      input: { ...hopperAgain, ...input },
    });
    return data?.checkAttendance.status ?? String(errors?.[0]?.extensions['field']);
  };

  it('is FIXED for a paired kiosk, MOBILE unless said otherwise, and listed', async () => {
    await createKey(admin, { role: 'KIOSK', officeId: office, device: 'FIXED', name: 'Z fixed' });
    const { apiKeys } = await admin.ask<{ apiKeys: object[] }>('{ apiKeys { name device } }');
    expect(apiKeys).toEqual([
      { name: 'A key', device: 'MOBILE' },
      { name: 'Kiosk', device: 'FIXED' },
      { name: 'Z fixed', device: 'FIXED' },
    ]);
    for (const role of ['ADMIN', 'HR', 'VIEWER'] as const) {
      const input = { name: 'x', role, officeId: office, device: 'FIXED' as const };
      expect((await admin.fault(CREATE_KEY, { input })).extensions).toMatchObject({
        code: 'BAD_USER_INPUT',
        field: 'device',
      });
    }
    const input = { name: 'x', role: 'KIOSK' as const, device: 'FIXED' as const };
    expect((await admin.fault(CREATE_KEY, { input })).extensions).toMatchObject({ field: 'officeId' });
  });

  it.each([
    ['far away', far, 50],
    ['near', near, 0],
    ['left out', {}, null],
  ])('FIXED: a position that is %s is stored and not used', async (_what, position, latitude) => {
    const answer = await check(fixed, position);
    expect(answer).toMatchObject({ status: 'RECORDED', distanceFromOffice: null });
    expect(await place()).toEqual({ latitude, distanceFromOffice: null, proof: { place: 'FIXED' } });
    const refused = await check(fixed, { ...collins, employeeId: 'EMP-1', ...position });
    expect(refused).toMatchObject({ status: 'FACE_MISMATCH', distanceFromOffice: null });
  });

  it('FIXED: visitors pass if the office takes them, and nowhere else', async () => {
    const quito = await createOffice(admin, { name: 'Quito', latitude: 9, longitude: 9, radiusMeters: 10 });
    await register(admin, { employeeId: 'EMP-2', name: 'Eileen Collins', officeId: quito, ...collins });
    const visitor = { ...collins, employeeId: 'EMP-2' };
    expect(await statusOf(fixed, visitor)).toBe('OTHER_OFFICE');
    await admin.ask('mutation ($id: ID!) { updateOffice(input: { id: $id, allowVisitors: true }) { id } }', {
      id: office,
    });
    expect(await check(fixed, { ...visitor, ...far })).toMatchObject({
      status: 'RECORDED',
      distanceFromOffice: null,
      attendance: { office: { id: office } },
    });
    expect(await statusOf(mobile, { ...visitor, ...far })).toBe('POSITION_UNCERTAIN');
  });

  it('MOBILE: the position decides, and is marked as claimed', async () => {
    expect(await statusOf(mobile, far)).toBe('POSITION_UNCERTAIN');
    expect(await statusOf(mobile, { ...far, positionAccuracyMeters: 10 })).toBe('OUTSIDE_OFFICE');
    expect(await statusOf(mobile, {})).toBe('latitude');
    expect(await statusOf(mobile, near)).toBe('RECORDED');
    expect(await place()).toMatchObject({ latitude: 0, proof: { place: 'CLAIMED' } });
    const seen = await check(mobile, { ...hopper, ...near });
    expect(seen.distanceFromOffice).toBeCloseTo(11.1, 0);
    await register(admin, { employeeId: 'FREE', name: 'Eileen Collins', ...collins });
    expect(await statusOf(admin, { ...collins, employeeId: 'FREE' })).toBe('RECORDED');
    expect(await place()).toMatchObject({ proof: { place: 'NONE' } });
  });
});
