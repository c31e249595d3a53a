/** Real: the service over HTTP, the database, descriptors of real photos. Fake: the clock. */
import { createKey, createOffice, Speaker, startClosed, as } from '../support/access';
import type { Clock } from '../support/clock';
import { post } from '../support/hostile';
import { pair } from '../support/kiosks';
import { CHECK, collins, hopper, hopperAgain, punchCount, register } from '../support/operations';
import type { TestService } from '../support/service';

const [MINUTE, HOUR] = [60_000, 3_600_000];
const REVIEW_CHECK = CHECK.replace(
  '... on FaceMismatch',
  '... on ReviewQueued { reviewItemId reviewReason } ... on FaceMismatch',
);
const NOTES = '{ reviewItems(first: 1) { nodes { id reason note } } }';

interface Answer {
  readonly status: string;
  readonly reviewItemId?: string;
  readonly reviewReason?: string;
  readonly attendance?: { readonly recordedAt: string; readonly type: string };
}

describe('the time of a saved check', () => {
  let service: TestService;
  let admin: Speaker;
  let clock: Clock;
  let office: string;
  let kiosk: Speaker;
  let requests = 0;

  beforeEach(async () => {
    ({ service, admin, clock } = await startClosed({ env: { PUNCH_MIN_INTERVAL_SECONDS: '60' } }));
    office = await createOffice(admin, { name: 'Lima' });
    kiosk = new Speaker(service, await pair(admin, service, office));
    await register(admin, { officeId: office });
  });
  afterEach(() => service.stop());

  const ago = (ms: number): string => new Date(clock.now().getTime() - ms).toISOString();
  /** @returns the outcome, or why HR has to decide */
  const send = async (input: object, by: Speaker = kiosk): Promise<string> => {
    const { checkAttendance } = await by.ask<{ checkAttendance: Answer }>(REVIEW_CHECK, {
      input: { ...hopperAgain, requestId: `t-${++requests}`, ...input },
    });
    return checkAttendance.reviewReason ?? checkAttendance.status;
  };
  /** A request without a check, as the page sends when it is opened. @returns the answer's time beacon */
  const contact = async (by: Speaker = kiosk): Promise<string> => {
    const body = JSON.stringify({ query: '{ kioskSettings { requireChallenge } }' });
    const headers = { 'content-type': 'application/json', ...as(by.credential) };
    const { headers: answered } = await post(service.url, body, headers);
    await service.app.settle();
    return String(answered['x-time-beacon']);
  };

  it('is not from before the key or the employee existed', async () => {
    clock.advance(3 * HOUR);
    const late = new Speaker(
      service,
      (await createKey(admin, { role: 'KIOSK', officeId: office, allowOffline: true })).secret,
    );
    await register(admin, { employeeId: 'EMP-2', name: 'Eileen Collins', officeId: office, ...collins });
    const before = await punchCount(admin);
    for (const ms of [HOUR, 2 * MINUTE]) {
      expect(await send({ capturedAt: ago(ms) }, late)).toBe('BEFORE_KEY');
      expect(await send({ ...collins, capturedAt: ago(ms) })).toBe('BEFORE_EMPLOYEE');
    }
    expect(await punchCount(admin)).toBe(before);
    const { reviewItems } = await admin.ask<{ reviewItems: { nodes: object[] } }>(NOTES);
    expect(reviewItems.nodes[0]).toMatchObject({ note: 'before the employee was registered' });
    // Clocks differ a little.
    expect(await send({ capturedAt: ago(MINUTE) }, late)).toBe('RECORDED');
    expect(await send({ ...collins, capturedAt: ago(MINUTE) })).toBe('RECORDED');
  });

  it('is not from while the device got answers, whatever it asked', async () => {
    for (let minutes = 0; minutes < 180; minutes += 20) {
      await contact();
      clock.advance(20 * MINUTE);
    }
    await contact();
    for (const ms of [2 * HOUR, HOUR, 25 * MINUTE]) {
      expect(await send({ capturedAt: ago(ms) })).toBe('WAS_ONLINE');
    }
    // What was sent again because its answer was lost is not old.
    expect(await send({ capturedAt: ago(5 * MINUTE) })).toBe('RECORDED');
  });

  it('is believed of a tablet that was offline for hours, restarted, and sends what many people did', async () => {
    for (let n = 2; n <= 12; n++) {
      const name = `Twin ${n}`;
      await register(admin, { employeeId: `EMP-${n}`, name, officeId: office, allowDuplicateFace: true });
    }
    clock.advance(HOUR);
    const timeBeacon = await contact();
    clock.advance(MINUTE);
    const gone = clock.now().getTime();
    clock.advance(10 * HOUR);
    // The restarted tablet asks for its settings first.
    await contact();
    for (let n = 1; n <= 12; n++) {
      // Two seconds apart in the queue at the door; twice a day each.
      for (const hours of [1, 9]) {
        const capturedAt = new Date(gone + hours * HOUR + n * 2000).toISOString();
        expect(await send({ ...hopper, employeeId: `EMP-${n}`, capturedAt, timeBeacon })).toBe('RECORDED');
        clock.advance(3000);
      }
    }
    expect(await service.sql('SELECT count(*)::int AS count FROM review_items')).toEqual([{ count: 0 }]);
  });

  it('is believed after a short outage between answers, and of a line that flaps', async () => {
    await contact();
    clock.advance(2 * MINUTE);
    const [first, second] = [ago(0), ago(-60_000)];
    clock.advance(2 * MINUTE);
    await contact();
    expect(await send({ capturedAt: first, type: 'LOGIN' })).toBe('RECORDED');
    clock.advance(10_000);
    expect(await send({ capturedAt: second, type: 'LOGOUT' })).toBe('RECORDED');
  });

  it('is believed if the service answered faults meanwhile, as a full disk would', async () => {
    const capturedAt = ago(0);
    clock.advance(20 * MINUTE);
    await service.sql('ALTER TABLE attendances RENAME TO away');
    const { errors } = await kiosk.send(REVIEW_CHECK, {
      input: { ...hopperAgain, requestId: 'broken', capturedAt },
    });
    expect(errors?.[0]?.extensions.code).toMatch(/INTERNAL|UNAVAILABLE/);
    await service.sql('ALTER TABLE away RENAME TO attendances');
    await service.app.settle();
    clock.advance(2 * HOUR);
    expect(await send({ capturedAt })).toBe('RECORDED');
  });

  it('is believed if the service could not record it for hours, though it answered all else', async () => {
    const capturedAt = ago(0);
    const saved = { ...hopperAgain, capturedAt };
    await service.sql('ALTER TABLE attendances RENAME TO away');
    for (let hours = 0; hours < 3; hours++) {
      await kiosk.send(REVIEW_CHECK, { input: { ...saved, requestId: 'broken' } });
      for (let n = 0; n < 12; n++) {
        await contact();
        clock.advance(5 * MINUTE);
      }
    }
    await service.sql('ALTER TABLE away RENAME TO attendances');
    // The kiosk tries again within an hour; what is made up later is not believed.
    expect(await send(saved)).toBe('RECORDED');
    for (let n = 0; n < 6; n++) {
      clock.advance(5 * MINUTE);
      await contact();
    }
    const other = ago(100 * MINUTE);
    expect(await send({ ...saved, capturedAt: other })).toBe('WAS_ONLINE');
  });

  it('is believed of a tablet that was paired again, which had the former key', async () => {
    const timeBeacon = await contact();
    clock.advance(MINUTE);
    const captured = [clock.now().getTime() + HOUR, clock.now().getTime() + 9 * HOUR];
    clock.advance(10 * HOUR);
    const [id] = timeBeacon.split('.key:')[1]?.split('.') ?? [];
    await admin.ask('mutation ($id: ID!) { revokeApiKey(id: $id) { id } }', { id });
    const again = new Speaker(service, await pair(admin, service, office));
    for (const at of captured) {
      const capturedAt = new Date(at).toISOString();
      expect(await send({ capturedAt, timeBeacon }, again)).toBe('RECORDED');
      clock.advance(MINUTE);
    }
    const quito = await createOffice(admin, { name: 'Quito' });
    const elsewhere = new Speaker(service, await pair(admin, service, quito));
    const saved = { capturedAt: ago(0), timeBeacon, employeeId: 'EMP-2', ...collins };
    await register(admin, { employeeId: 'EMP-2', name: 'Eileen Collins', officeId: quito, ...collins });
    expect(await send(saved, elsewhere)).toBe('BEACON_INVALID');
    expect(await send(saved, admin)).toBe('BEACON_INVALID');
  });

  it('is not before the time beacon that the check names, which must be the key’s own', async () => {
    const old = await contact();
    clock.advance(HOUR);
    const timeBeacon = await contact();
    clock.advance(2 * HOUR);
    expect(await send({ capturedAt: ago(3 * HOUR - MINUTE), timeBeacon })).toBe('BEFORE_BEACON');
    const others = new Speaker(service, await pair(admin, service, office));
    const foreign = await contact(others);
    const forged = `${timeBeacon.slice(0, -2)}${timeBeacon.endsWith('AA') ? 'BB' : 'AA'}`;
    for (const wrong of [foreign, forged, 'x', '', `${timeBeacon}A`, 'x'.repeat(100_000)]) {
      const outcome = await send({ capturedAt: ago(HOUR), timeBeacon: wrong });
      expect([wrong, outcome]).toEqual([wrong, 'BEACON_INVALID']);
    }
    expect(await send({ capturedAt: ago(2 * HOUR - MINUTE), timeBeacon })).toBe('RECORDED');
    const { attendances } = await admin.ask<{ attendances: { nodes: { notBefore: string }[] } }>(
      '{ attendances(first: 1) { nodes { notBefore } } }',
    );
    expect(attendances.nodes).toEqual([{ notBefore: ago(2 * HOUR) }]);
    // Of a key that the tablet had before it was paired again.
    await admin.ask('mutation ($id: ID!) { revokeApiKey(id: $id) { id } }', { id: foreign.split(/[.:]/)[2] });
    expect(await send({ capturedAt: ago(2 * HOUR - 10 * MINUTE), timeBeacon: foreign })).toBe(
      'BEFORE_BEACON',
    );
    // An older one proves less, and is no fault: the page may have lost the newer one.
    expect(await send({ capturedAt: ago(HOUR), timeBeacon: old })).toBe('RECORDED');
  });

  it.each(['60', '0'])(
    'does not let one person come and go four times within a second (interval %s)',
    async (interval) => {
      await service.stop();
      ({ service, admin, clock } = await startClosed({ env: { PUNCH_MIN_INTERVAL_SECONDS: interval } }));
      office = await createOffice(admin, { name: 'Lima' });
      kiosk = new Speaker(service, await pair(admin, service, office));
      await register(admin, { officeId: office });
      clock.advance(3 * HOUR);
      const outcomes: string[] = [];
      for (const [n, type] of ['LOGIN', 'LOGOUT', 'LOGIN', 'LOGOUT'].entries()) {
        outcomes.push(await send({ capturedAt: ago(HOUR - n * 250), type }));
      }
      expect(outcomes).toEqual(['RECORDED', 'TOO_CLOSE', ...outcomes.slice(2)]);
      expect(outcomes.filter((outcome) => outcome === 'RECORDED')).toHaveLength(1);
      expect(await punchCount(admin)).toBe(1);
      // All at once, too.
      const types = ['LOGIN', 'LOGOUT', 'LOGIN', 'LOGOUT'];
      await Promise.all(types.map((type, n) => send({ capturedAt: ago(2 * HOUR - n * 250), type })));
      expect(await punchCount(admin)).toBe(2);
      // Further apart it is a day's work.
      expect(await send({ capturedAt: ago(HOUR - 2 * MINUTE), type: 'LOGOUT' })).toBe('RECORDED');
    },
  );
});
