import type { Api, KioskSettings, LivenessAction } from '../api';
import { FaceReader } from '../face/face-reader';
import { hasLeft, hintFor, Steadiness } from '../face/guidance';
import type { Look } from '../face/protocol';
import { CameraKeeper } from '../shared/camera-keeper';
import { Locator, type Position } from '../shared/position';
import { sleep } from '../shared/sleep';
import { play } from '../shared/sound';
import { photoOfAction } from './actor';
import type { Notice } from './notices';
import { Punching } from './punching';
import { readBadge } from './qr';
import { INITIAL, withCamera, type KioskState, type Phase } from './state';

/** How long an outcome is shown: long enough to read it, short enough for the next person. */
const NOTICE_MS = 4000;
/** With a sentence besides. */
const LONG_NOTICE_MS = 7000;
/**
 * Between two looks, at least; a third of a second once nobody has been there for a while. As long as the look took
 * if that is more, so that a slow tablet has half of its time for all else.
 */
const PAUSE_MS = 60;
const IDLE_PAUSE_MS = 300;
const IDLE_AFTER_LOOKS = 40;
/** Looks without a face after which the page says what to do first. */
const ABSENT_LOOKS = 2;
const FIRST_POSITION_MS = 1500;
/** If somebody enters a number and walks away, the kiosk is free for the next person after this time. */
const NUMBER_MS = 60_000;

/** The work in front of the camera: looks, guides, checks, shows the outcome, and starts over. */
export class Kiosk {
  private state = INITIAL;
  private readonly faces = new FaceReader();
  private readonly steadiness = new Steadiness();
  private readonly locator: Locator;
  private readonly punching: Punching;
  private camera: CameraKeeper | null = null;
  private stopped = false;
  private absent = 0;
  private lastLook: Look | null = null;
  private numberTimer: ReturnType<typeof setTimeout> | undefined;
  private endNotice: () => void = () => undefined;

  constructor(
    api: Api,
    private readonly settings: KioskSettings,
    private readonly onChange: (state: KioskState) => void,
    onUnpaired: () => void,
  ) {
    const change = (state: Partial<KioskState>): void => this.set(state);
    this.locator = new Locator(settings);
    this.punching = new Punching(api, settings, change, onUnpaired);
  }

  /** Opens the camera in the video and runs until `stop`. */
  async run(video: HTMLVideoElement): Promise<void> {
    await this.punching.open();
    // Settings of an earlier server do not have this field.
    if (this.settings.computesDescriptors === false) return this.show({ kind: 'blind' });
    if (this.stopped) return;
    this.faces.warm();
    this.camera = new CameraKeeper(video, () => this.showCamera());
    await this.camera.start();
    while (!this.stopped) {
      const begin = performance.now();
      this.showCamera();
      // Known before the next person is there.
      if (this.fenced) this.locator.renew();
      // No check by face while somebody types.
      if (this.state.phase.kind !== 'typing' && this.camera.problem === null)
        await this.turn(this.camera).catch((error: unknown) => {
          console.error(error);
          if (!this.stopped) this.show({ kind: 'no-camera', problem: 'models' });
          return sleep(IDLE_AFTER_LOOKS * PAUSE_MS);
        });
      const least = this.absent > IDLE_AFTER_LOOKS ? IDLE_PAUSE_MS : PAUSE_MS;
      const took = Math.min(performance.now() - begin, IDLE_PAUSE_MS);
      await sleep(Math.max(least, took));
    }
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.numberTimer);
    this.endNotice();
    this.punching.close();
    this.faces.close();
    this.camera?.stop();
  }

  /** The next check is for this employee; null: the face alone decides. */
  checkFor(employeeId: string | null): void {
    clearTimeout(this.numberTimer);
    if (employeeId !== null) this.numberTimer = setTimeout(() => this.set({ employeeId: null }), NUMBER_MS);
    this.set({ employeeId });
    this.next();
  }

  /** Shows the form for a number. Meanwhile nobody is checked by face. */
  type(): void {
    this.endNotice();
    this.show({ kind: 'typing' });
  }

  scan(): void {
    this.endNotice();
    this.show({ kind: 'scanning' });
  }

  /** Looks for a face again: for the next person, or for another try. */
  next(): void {
    this.endNotice();
    this.lookOut();
  }

  /** Opens the camera now, because somebody connected it or gave the permission. */
  retryCamera(): void {
    this.camera?.retry();
  }

  clearRefused(): Promise<void> {
    return this.punching.clearRefused();
  }

  /** Shows the problem of the camera, unless the current phase needs no camera. */
  private showCamera(): void {
    const next = withCamera(this.state.phase, this.camera?.problem ?? null);
    if (next === 'look') this.lookOut();
    else if (next !== null) this.show(next);
  }

  private lookOut(): void {
    this.steadiness.reset();
    this.show({ kind: 'looking', hint: 'absent', progress: 0 });
  }

  /** One look, and the reaction to it. */
  private async turn(camera: CameraKeeper): Promise<void> {
    const frame = await camera.grab();
    if (frame === null) return;
    if (this.state.phase.kind === 'scanning') return await this.lookForBadge(frame);
    const look = await this.faces.look(frame);
    const before = this.lastLook;
    this.lastLook = look;
    this.absent = look.face === null ? this.absent + 1 : 0;
    switch (this.state.phase.kind) {
      case 'leaving':
        if (hasLeft(before, look, this.absent)) this.lookOut();
        break;
      case 'looking':
      case 'starting':
      case 'no-camera':
        await this.guide(look, camera);
        break;
      case 'blind':
      case 'typing':
      case 'checking':
      case 'acting':
      case 'notice':
        // Somebody pressed a button during this look.
        break;
    }
  }

  private async guide(look: Look, camera: CameraKeeper): Promise<void> {
    const hint = hintFor(look);
    const steady = this.steadiness.add(look, hint);
    const { progress } = this.steadiness;
    const nobody = hint === 'look' && this.absent > ABSENT_LOOKS;
    this.show({ kind: 'looking', hint: nobody ? 'absent' : hint, progress });
    if (steady) await this.check(look, camera);
  }

  private async lookForBadge(frame: ImageBitmap): Promise<void> {
    try {
      const employeeId = await readBadge(frame);
      if (employeeId !== null) this.checkFor(employeeId);
    } finally {
      frame.close();
    }
  }

  private async check(neutral: Look, camera: CameraKeeper): Promise<void> {
    const capturedAt = new Date();
    this.show({ kind: 'checking' });
    // The same frame that was judged.
    const photo = await this.faces.photo();
    const subject = { photo, employeeId: this.state.employeeId, position: await this.position() };
    const notice = await this.punching.punch(subject, capturedAt, (actions) =>
      this.perform(actions, neutral, camera),
    );
    if (notice === null) return;
    clearTimeout(this.numberTimer);
    this.set({ employeeId: null });
    await this.showNotice(notice);
  }

  /** Whether a geofence may decide: a key of no office serves all of them. */
  private get fenced(): boolean {
    const { office, usesPosition } = this.settings;
    return usesPosition && (office === null || office.radiusMeters !== null);
  }

  /** A check without a position is refused if the office has a geofence and the device is mobile: then it is worth a wait. */
  private position(): Promise<Position | null> {
    return this.fenced ? this.locator.first(FIRST_POSITION_MS) : Promise.resolve(this.locator.current());
  }

  private async perform(
    actions: readonly LivenessAction[],
    neutral: Look,
    camera: CameraKeeper,
  ): Promise<Blob[]> {
    const photos: Blob[] = [];
    for (const [index, action] of actions.entries()) {
      this.show({ kind: 'acting', action, step: index + 1, steps: actions.length });
      photos.push(await photoOfAction(action, neutral, camera, this.faces, () => this.stopped));
    }
    this.show({ kind: 'checking' });
    return photos;
  }

  private async showNotice(notice: Notice): Promise<void> {
    this.show({ kind: 'notice', notice });
    play(notice.tone);
    const cut = new Promise<boolean>((resolve) => (this.endNotice = () => resolve(true)));
    const wasCut = await Promise.race([sleep(shownMs(notice)).then(() => false), cut]);
    this.endNotice = () => undefined;
    if (!wasCut) this.show({ kind: 'leaving', last: notice });
  }

  private show(phase: Phase): void {
    this.set({ phase });
  }

  private set(change: Partial<KioskState>): void {
    if (this.stopped) return;
    this.state = { ...this.state, ...change };
    this.onChange(this.state);
  }
}

/** Nobody waits for the sentence of a refusal: it stays below the picture. */
const shownMs = ({ tone, advice }: Notice): number =>
  tone !== 'bad' && advice !== null ? LONG_NOTICE_MS : NOTICE_MS;
