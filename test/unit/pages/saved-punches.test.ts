/** Real: the kiosk's own code for punches, the outbox and its encryption. Fake: IndexedDB, the service's answers, clocks. */
import type { Api, Check, CheckResult, KioskSettings } from '../../../web/src/api';
import { Punching } from '../../../web/src/kiosk/punching';
import type { KioskState } from '../../../web/src/kiosk/state';
import { loadLanguage } from '../../../web/src/messages';
import { transact, promised } from '../../../web/src/offline/database';
import { exportPunches } from '../../../web/src/offline/export';
import { savedCount } from '../../../web/src/offline/outbox';
import { ApiFault, type FaultCode } from '../../../web/src/shared/faults';
import { Reach } from '../../../web/src/shared/reach';
import { ServiceClock } from '../../../web/src/shared/service-clock';
import { until } from '../../support/until';
import { installPageGlobals, type PageGlobals } from '../../support/web/page-globals';

const SETTINGS: KioskSettings = {
  usesPosition: true,
  office: null,
  requireChallenge: false,
  requireLiveness: false,
  positionMaxAgeSeconds: 120,
  positionMaxAccuracyMeters: 150,
  computesDescriptors: true,
};
const PHOTO = new Blob([new Uint8Array(1000).fill(7)], { type: 'image/jpeg' });
const HOUR = 3_600_000;
const subject = (employeeId = 'GH-1906') => ({ photo: PHOTO, employeeId, position: null });

describe('punches of the kiosk', () => {
  let page: PageGlobals;
  let sent: Check[];
  /** What the service answers to each check. */
  let answer: (check: Check) => CheckResult;
  let state: Partial<KioskState>;
  let unpaired: number;
  let punching: Punching;
  let time: { wall: number; monotonic: number };
  let reach: Reach;

  const recorded = (): CheckResult =>
    ({
      __typename: 'AttendanceRecorded',
      status: 'RECORDED',
      attendance: {
        type: 'LOGIN',
        recordedAt: '2026-03-02T08:00:00Z',
        employee: { name: 'Grace' },
        office: null,
      },
      // Of a service that is newer than the page.
      notices: [{ code: 'NOT_KNOWN_YET', date: '2026-03-01' }],
    }) as unknown as CheckResult;
  const outcome = (status: string): CheckResult => ({ __typename: 'FaceMismatch', status }) as CheckResult;
  const fail =
    (code: FaultCode, details: Readonly<Record<string, unknown>> = {}) =>
    (): never => {
      throw new ApiFault(code, 'Told by a test', details);
    };
  const open = async (settings = SETTINGS): Promise<void> => {
    const own = time;
    const api = {
      reach,
      createChallenge: () => Promise.resolve({ token: 'token', actions: [] }),
      // As the transport notes it.
      check: (check: Check) =>
        Promise.resolve().then(() => {
          // One that is still on its way when its test ends is not the next test's.
          if (own !== time) return fail('OFFLINE')();
          sent.push(check);
          try {
            const result = answer(check);
            reach.note(true);
            return result;
          } catch (error) {
            reach.note(!(error instanceof ApiFault && error.code === 'OFFLINE'));
            throw error;
          }
        }),
    } as unknown as Api;
    punching = new Punching(
      api,
      settings,
      (change) => {
        if (own === time) state = change;
      },
      () => unpaired++,
      5,
    );
    await punching.open();
  };
  const punch = async (employeeId?: string): Promise<string> =>
    (await punching.punch(subject(employeeId), new Date(time.wall), () => Promise.resolve([])))?.title ?? '';

  beforeAll(async () => {
    page = installPageGlobals();
    await loadLanguage();
  });
  afterAll(() => page.restore());
  beforeEach(async () => {
    for (const store of ['outbox', 'values'] as const) {
      await transact(store, 'readwrite', (all) => promised(all.clear()));
    }
    time = { wall: Date.parse('2026-03-02T08:00:00Z'), monotonic: 1000 };
    const device = { wall: () => time.wall, monotonic: () => time.monotonic };
    [sent, state, unpaired, answer] = [[], {}, 0, recorded];
    reach = new Reach(new ServiceClock(device, null));
    Object.assign(page.estimate, { usage: 1, quota: 100 });
    await open();
  });
  afterEach(() => punching.close());

  it.each(['INTERNAL_SERVER_ERROR', 'UNAVAILABLE', 'OFFLINE'] as const)(
    'are saved when a check ends in %s, and sent again with the same requestId for as long as it takes',
    async (code) => {
      answer = fail(code);
      expect(await punch()).toBe('Saved');
      await until(() => sent.length > 4);
      // The service fails for hours.
      time.monotonic += 5 * HOUR;
      punching.close();
      await open();
      await until(() => sent.length > 8);
      expect(await savedCount()).toBe(1);
      answer = recorded;
      time.monotonic += 5 * HOUR;
      punching.close();
      await open();
      await until(async () => (await savedCount()) === 0);
      expect(new Set(sent.map(({ requestId }) => requestId)).size).toBe(1);
      expect(sent.at(-1)?.capturedAt).toBe('2026-03-02T08:00:00.000Z');
      expect(state.online).toBe(true);
    },
  );

  it.each([
    ['FACE_MISMATCH', () => outcome('FACE_MISMATCH')],
    ['EMPLOYEE_NOT_FOUND', () => outcome('EMPLOYEE_NOT_FOUND')],
    ['BAD_USER_INPUT', fail('BAD_USER_INPUT', { field: 'capturedAt' })],
    ['FORBIDDEN', fail('FORBIDDEN')],
    ['CONFLICT', fail('CONFLICT')],
    ['NOT_FOUND', fail('NOT_FOUND')],
  ])('stay when the server refuses them later (%s), are listed, and hold up nobody', async (why, refuse) => {
    answer = fail('OFFLINE');
    await punch('FIRST');
    await punch('SECOND');
    answer = ({ employeeId }) => (employeeId === 'FIRST' ? refuse() : recorded());
    await until(async () => (await savedCount()) === 1);
    await until(() => state.refused?.length === 1 && state.waiting === 0);
    expect(state).toMatchObject({ online: true, waiting: 0, refused: [{ employeeId: 'FIRST', why }] });
    // The next person is not told that the punch was saved.
    expect(await punch('THIRD')).toMatch(/Grace/);

    // The server takes it after all, for example as a review item.
    answer = recorded;
    punching.close();
    await open();
    await until(async () => (await savedCount()) === 0);
    await until(() => state.refused?.length === 0);
  });

  it('of a locked number wait without holding up the others', async () => {
    answer = fail('OFFLINE');
    await punch('LOCKED');
    await punch('OTHER');
    answer = ({ employeeId }) =>
      employeeId === 'LOCKED' ? fail('TOO_MANY_REQUESTS', { retryAfterSeconds: 900 })() : recorded();
    await until(async () => (await savedCount()) === 1);
    await until(() => state.saved === 1);
    expect(state).toMatchObject({ online: true, waiting: 1, refused: [] });
  });

  it('stay when the key is revoked', async () => {
    answer = fail('OFFLINE');
    await punch();
    answer = fail('UNAUTHENTICATED');
    await until(() => unpaired > 0);
    expect(await savedCount()).toBe(1);
  });

  it('are refused with the reason when 90 % of the storage is used', async () => {
    answer = fail('OFFLINE');
    page.estimate.usage = 90;
    expect(await punch()).toMatch(/storage is full/);
    expect(await savedCount()).toBe(0);
    page.estimate.usage = 89;
    expect(await punch()).toBe('Saved');
  });

  it('of a wrong number are not saved while the service answers', async () => {
    answer = () => outcome('FACE_MISMATCH');
    await punch();
    answer = fail('TOO_MANY_REQUESTS', { retryAfterSeconds: 900 });
    await punch();
    expect(await savedCount()).toBe(0);
  });

  it('are saved after a fault also if a challenge is required', async () => {
    punching.close();
    await open({ ...SETTINGS, requireChallenge: true });
    answer = fail('INTERNAL_SERVER_ERROR');
    expect(await punch()).toBe('Saved');
    expect(await savedCount()).toBe(1);
    await until(() => sent.length > 1);
    expect(sent.at(-1)).toEqual({ ...sent[0], capturedAt: '2026-03-02T08:00:00.000Z' });
  });

  it('can be exported, encrypted with a key', async () => {
    answer = fail('OFFLINE');
    await punch('FIRST');
    const text = await (await exportPunches('an-hr-key')).text();
    expect(text).not.toContain('FIRST');
    const [header, line] = text
      .split('\n')
      .map((part) => JSON.parse(part || 'null') as Record<string, string>);
    const bytes = (value = '') => new Uint8Array(Buffer.from(value, 'base64'));
    const material = await crypto.subtle.importKey('raw', Buffer.from('an-hr-key'), 'PBKDF2', false, [
      'deriveKey',
    ]);
    const how = { name: 'PBKDF2', hash: 'SHA-256', salt: bytes(header?.['salt']), iterations: 600_000 };
    const key = await crypto.subtle.deriveKey(how, material, { name: 'AES-GCM', length: 256 }, false, [
      'decrypt',
    ]);
    const plain = await crypto.subtle.decrypt(
      { name: 'AES-GCM', iv: bytes(line?.['iv']) },
      key,
      bytes(line?.['data']),
    );
    const { check, photo } = JSON.parse(Buffer.from(plain).toString()) as { check: Check; photo: string };
    expect(check).toMatchObject({ employeeId: 'FIRST', capturedAt: '2026-03-02T08:00:00.000Z' });
    expect(bytes(photo)).toHaveLength(1000);
  });

  it('tell the offset of the clock that was measured before, and none after the clock was set', async () => {
    const served = new Date(time.wall + 3 * HOUR).toUTCString();
    reach.clock.measure(served, time.monotonic);
    answer = fail('OFFLINE');
    time.wall += HOUR;
    time.monotonic += HOUR;
    await punch();
    expect(sent.at(-1)?.clockOffsetMs).toBe(3 * HOUR + 500);
    time.wall -= 2 * HOUR;
    expect(reach.clock.offsetMs()).toBeNull();
    time.wall += 2 * HOUR + 24 * HOUR;
    time.monotonic += 24 * HOUR;
    expect(reach.clock.offsetMs()).toBeNull();
  });
});
