/** Real: the keeper of the camera. Fake: the browser's camera, events and timers. */
import { CameraKeeper } from '../../../web/src/shared/camera-keeper';

class Track extends EventTarget {
  readyState = 'live';
  muted = false;
  stop(): void {
    this.readyState = 'ended';
  }
  lose(): void {
    this.stop();
    this.dispatchEvent(new Event('ended'));
  }
}

const named = (name: string): DOMException => new DOMException('no', name);

describe('the camera of a page', () => {
  let tracks: Track[];
  /** What the next tries end in; after that they succeed. */
  let faults: (DOMException | null)[];
  let problems: (string | null)[];
  let keeper: CameraKeeper;
  let video: { srcObject: unknown; currentTime: number; play(): Promise<void> };
  const devices = Object.assign(new EventTarget(), {
    getUserMedia: () => {
      const fault = faults.shift() ?? null;
      if (fault !== null) return Promise.reject(fault);
      const track = new Track();
      tracks.push(track);
      return Promise.resolve({ getTracks: () => [track], getVideoTracks: () => [track] });
    },
  });
  const page = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  const permission = Object.assign(new EventTarget(), { state: 'prompt' });
  const before = ['navigator', 'document'].map(
    (name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const,
  );

  beforeEach(() => {
    jest.useFakeTimers();
    [tracks, faults, problems] = [[], [], []];
    permission.state = 'prompt';
    const navigator = { mediaDevices: devices, permissions: { query: () => Promise.resolve(permission) } };
    Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true });
    Object.defineProperty(globalThis, 'document', { value: page, configurable: true });
    video = { srcObject: null, currentTime: 0, play: () => Promise.resolve() };
    keeper = new CameraKeeper(video as unknown as HTMLVideoElement, (problem) => problems.push(problem));
  });
  afterEach(() => {
    keeper.stop();
    jest.useRealTimers();
    for (const [name, value] of before) {
      if (value === undefined) Reflect.deleteProperty(globalThis, name);
      else Object.defineProperty(globalThis, name, value);
    }
  });
  /** The picture moves on meanwhile. */
  const pass = async (seconds: number): Promise<void> => {
    for (let i = 0; i < seconds; i++) {
      video.currentTime++;
      await jest.advanceTimersByTimeAsync(1000);
    }
  };

  it('is opened again after its track ended', async () => {
    await keeper.start();
    tracks[0]?.lose();
    expect(problems).toEqual(['missing']);
    await pass(2);
    expect(problems).toEqual(['missing', null]);
    expect(tracks).toHaveLength(2);
  });

  it('is tried with growing pauses while another program has it', async () => {
    faults = Array.from({ length: 5 }, () => named('NotReadableError'));
    await keeper.start();
    expect(problems).toEqual(['busy']);
    await pass(1 + 2 + 4 + 8);
    expect(faults).toEqual([]);
    expect(tracks).toHaveLength(0);
    await pass(17);
    expect(problems).toEqual(['busy', null]);
  });

  it('is opened at once when it is connected, or when somebody asks', async () => {
    faults = [named('NotFoundError'), named('NotFoundError')];
    await keeper.start();
    devices.dispatchEvent(new Event('devicechange'));
    await jest.advanceTimersByTimeAsync(0);
    expect(problems).toEqual(['missing']);
    keeper.retry();
    await jest.advanceTimersByTimeAsync(0);
    expect(problems).toEqual(['missing', null]);
  });

  it('is opened when the permission is given, and not asked for before', async () => {
    faults = [named('NotAllowedError'), named('NotAllowedError')];
    await keeper.start();
    await pass(300);
    expect(faults).toHaveLength(1);
    faults = [];
    permission.state = 'granted';
    permission.dispatchEvent(new Event('change'));
    await jest.advanceTimersByTimeAsync(0);
    expect(problems).toEqual(['denied', null]);
  });

  it('is opened again when the tablet wakes without it', async () => {
    await keeper.start();
    tracks[0]?.stop();
    page.dispatchEvent(new Event('visibilitychange'));
    await jest.advanceTimersByTimeAsync(0);
    expect(tracks).toHaveLength(2);
  });

  it('is opened again when its picture stands still, and left alone while it moves', async () => {
    await keeper.start();
    await pass(60);
    expect(tracks).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(20_000);
    expect(tracks.length).toBeGreaterThan(1);
    expect(problems.slice(0, 2)).toEqual(['busy', null]);
  });

  it('gives no picture of a camera that ended', async () => {
    await keeper.start();
    tracks[0]?.stop();
    expect(await keeper.grab()).toBeNull();
  });
});
