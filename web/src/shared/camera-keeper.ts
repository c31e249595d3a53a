import { CameraFault, type CameraProblem, closeCamera, grabFrame, openCamera } from './camera';

/** The first pause before the camera is opened again. Each further pause is twice as long. */
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;
/** How often the keeper checks that the picture changes. A camera without a new picture for two checks is opened again. */
const WATCH_MS = 5000;

/**
 * Keeps a camera open in a video. It opens the camera again by itself after the track ended, the device was connected
 * again, the permission was given, or the tablet woke up.
 */
export class CameraKeeper {
  /** Why there is no picture now; null: there is one, or the camera is opened for the first time. */
  problem: CameraProblem | null = null;

  private stream: MediaStream | null = null;
  private stopped = false;
  private opening = false;
  private pause = FIRST_PAUSE_MS;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private watch: ReturnType<typeof setInterval> | undefined;
  private permission: PermissionStatus | null = null;
  private lastTime = -1;
  private still = 0;

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly onProblem: (problem: CameraProblem | null) => void,
  ) {}

  /** Resolves after the first try. */
  async start(): Promise<void> {
    const devices = navigator.mediaDevices as MediaDevices | undefined;
    devices?.addEventListener('devicechange', this.retry);
    document.addEventListener('visibilitychange', this.woke);
    this.watch = setInterval(() => this.look(), WATCH_MS);
    void this.watchPermission();
    await this.open();
  }

  stop(): void {
    this.stopped = true;
    const devices = navigator.mediaDevices as MediaDevices | undefined;
    devices?.removeEventListener('devicechange', this.retry);
    document.removeEventListener('visibilitychange', this.woke);
    this.permission?.removeEventListener('change', this.retry);
    clearTimeout(this.timer);
    clearInterval(this.watch);
    this.drop();
  }

  /** Opens the camera now if there is no picture. */
  readonly retry = (): void => {
    if (this.live) return;
    this.pause = FIRST_PAUSE_MS;
    void this.open();
  };

  /** The current picture; null while there is none. The last picture of a camera that ended is none. */
  grab(): Promise<ImageBitmap | null> {
    return this.live ? grabFrame(this.video) : Promise.resolve(null);
  }

  private get live(): boolean {
    const tracks = this.stream?.getVideoTracks() ?? [];
    return tracks.length > 0 && tracks.every(({ readyState, muted }) => readyState === 'live' && !muted);
  }

  private async open(): Promise<void> {
    if (this.opening || this.stopped) return;
    clearTimeout(this.timer);
    this.opening = true;
    // A camera that is still held by this page would be busy for the next try.
    this.drop();
    try {
      const stream = await openCamera();
      if (this.stopped) return closeCamera(stream);
      this.use(stream);
    } catch (error) {
      this.lost(error instanceof CameraFault ? error.problem : 'missing');
    } finally {
      this.opening = false;
    }
  }

  private use(stream: MediaStream): void {
    this.stream = stream;
    for (const track of stream.getVideoTracks()) {
      track.addEventListener('ended', () => {
        if (this.stream === stream) this.lost('missing');
      });
    }
    this.video.srcObject = stream;
    // Not awaited: a camera that gives no picture would never let it end.
    void this.video.play().catch(() => undefined);
    this.still = 0;
    this.pause = FIRST_PAUSE_MS;
    this.report(null);
  }

  private lost(problem: CameraProblem): void {
    if (this.stopped) return;
    this.report(problem);
    clearTimeout(this.timer);
    // Only another address of the page helps.
    if (problem === 'insecure') return;
    this.timer = setTimeout(() => void this.again(problem), this.pause);
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE_MS);
  }

  /** Without the person's doing, the browser is not to ask for a permission that was refused. */
  private async again(problem: CameraProblem): Promise<void> {
    if (problem === 'denied' && this.permission !== null && this.permission.state !== 'granted') {
      this.lost(problem);
      return;
    }
    await this.open();
  }

  private async watchPermission(): Promise<void> {
    try {
      const permission = await navigator.permissions.query({ name: 'camera' });
      if (this.stopped) return;
      this.permission = permission;
      permission.addEventListener('change', this.retry);
    } catch {
      // Some browsers do not tell: the keeper tries with growing pauses.
    }
  }

  /** A tablet that slept may have lost the camera without an event, or have stopped the video. */
  private readonly woke = (): void => {
    if (document.visibilityState !== 'visible') return;
    void this.video.play().catch(() => undefined);
    this.retry();
  };

  /** Some cameras stop without an event. Then the time of the video does not advance. */
  private look(): void {
    if (document.visibilityState !== 'visible' || this.stream === null || this.opening) return;
    const { currentTime } = this.video;
    this.still = currentTime === this.lastTime ? this.still + 1 : 0;
    this.lastTime = currentTime;
    if (this.still < 2) return;
    this.still = 0;
    this.drop();
    this.lost('busy');
  }

  private drop(): void {
    const { stream } = this;
    this.stream = null;
    if (stream !== null) closeCamera(stream);
  }

  private report(problem: CameraProblem | null): void {
    if (this.problem === problem) return;
    this.problem = problem;
    this.onProblem(problem);
  }
}
