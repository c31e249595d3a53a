/** Real: what keeps the kiosk's position. Fake: the browser's geolocation, and time. */
import { Locator } from '../../../web/src/shared/position';

const SECOND = 1000;
type Answer = (position: unknown) => void;

describe('the position of a kiosk', () => {
  let asked: { readonly answer: Answer; readonly fail: () => void; readonly options: PositionOptions }[];
  const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');

  beforeEach(() => {
    jest.useFakeTimers({ now: Date.parse('2026-03-02T08:00:00Z') });
    asked = [];
    const getCurrentPosition = (answer: Answer, fail: () => void, options: PositionOptions): void =>
      void asked.push({ answer, fail, options });
    Object.defineProperty(globalThis, 'navigator', {
      value: { geolocation: { getCurrentPosition } },
      configurable: true,
    });
  });
  afterEach(() => {
    jest.useRealTimers();
    if (before !== undefined) Object.defineProperty(globalThis, 'navigator', before);
  });

  const locator = (): Locator => new Locator({ positionMaxAgeSeconds: 120, positionMaxAccuracyMeters: 150 });
  const answer = (accuracy: number, timestamp = Date.now()): void =>
    asked.at(-1)?.answer({ coords: { latitude: 1, longitude: 2, accuracy }, timestamp });

  it('is renewed before it is too old, and never sent when it is', () => {
    const one = locator();
    one.renew();
    answer(10);
    expect(one.current()).toEqual({
      ...{ latitude: 1, longitude: 2, positionAccuracyMeters: 10 },
      positionTakenAt: '2026-03-02T08:00:00.000Z',
    });
    jest.advanceTimersByTime(60 * SECOND);
    one.renew();
    expect(asked).toHaveLength(1);
    jest.advanceTimersByTime(SECOND);
    one.renew();
    expect(asked).toHaveLength(2);
    jest.advanceTimersByTime(59 * SECOND);
    expect(one.current()).not.toBeNull();
    jest.advanceTimersByTime(1);
    expect(one.current()).toBeNull();
  });

  it('is asked for again by a check if it is poor', () => {
    const one = locator();
    one.renew();
    answer(400);
    one.renew();
    expect(asked).toHaveLength(1);
    expect(one.current()?.positionAccuracyMeters).toBe(400);
    expect(asked).toHaveLength(2);
    answer(20);
    expect(one.current()?.positionAccuracyMeters).toBe(20);
    expect(asked).toHaveLength(2);
  });

  it('is asked for every few seconds if the device refuses', () => {
    const one = locator();
    for (let second = 0; second < 30; second++) {
      one.renew();
      asked.at(-1)?.fail();
      jest.advanceTimersByTime(SECOND);
    }
    expect(asked).toHaveLength(5);
  });

  it('is not known once somebody has set the clock back', () => {
    const one = locator();
    one.renew();
    answer(10);
    jest.setSystemTime(Date.parse('2026-03-02T05:00:00Z'));
    expect(one.current()).toBeNull();
  });

  it('is of the time of the request if the browser counts from another year', () => {
    const one = locator();
    one.renew();
    answer(10, 1000);
    expect(one.current()?.positionTakenAt).toBe('2026-03-02T07:59:50.000Z');
    expect(asked[0]?.options.maximumAge).toBe(0);
  });

  it('has the bounds of the defaults if settings were saved by an earlier page', () => {
    const one = new Locator({});
    one.renew();
    answer(10);
    jest.advanceTimersByTime(120 * SECOND + 1);
    expect(one.current()).toBeNull();
  });
});
