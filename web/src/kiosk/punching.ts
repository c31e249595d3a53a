import type { Api, Check, KioskSettings } from '../api';
import type { FaceReader } from '../face/face-reader';
import { MAX_WAITING, putPunch, waitingCount } from '../offline/outbox';
import { Sender } from '../offline/sender';
import { isFault } from '../shared/faults';
import { Checker, type Perform, type Subject } from './checker';
import { faultNotice, keptNotice, type Notice, noticeOf } from './notices';
import { RefusedPunches } from './refused-punches';
import type { KioskState } from './state';

/** The part of the kiosk's state that punches change. */
type PunchingState = Pick<KioskState, 'online' | 'waiting' | 'refused'>;

/** Makes punches: now where the service answers, later where it does not. */
export class Punching {
  private state: PunchingState = { online: true, waiting: 0, refused: [] };
  private readonly checker: Checker;
  private readonly sender: Sender;
  private readonly refused = new RefusedPunches((refused) => this.set({ refused }));

  constructor(
    api: Api,
    faces: Pick<FaceReader, 'describe'>,
    private readonly settings: KioskSettings,
    private readonly onChange: (state: PunchingState) => void,
    private readonly onUnpaired: () => void,
  ) {
    this.checker = new Checker(api, faces, settings);
    this.sender = new Sender(
      api,
      {
        waiting: (waiting) => this.set({ waiting }),
        online: (online) => this.set({ online }),
        delivered: (delivery, check) => void this.refused.note(delivery, check),
        unauthenticated: () => this.onUnpaired(),
      },
      (photo) => this.checker.descriptorFor(photo),
    );
  }

  /** Recalls what there was before this page was loaded, and begins to send what waits. */
  async open(): Promise<void> {
    addEventListener('online', this.wake);
    await Promise.all([this.checker.open(), this.refused.open()]);
    this.set({ waiting: await waitingCount() });
    this.sender.wake();
  }

  close(): void {
    removeEventListener('online', this.wake);
    this.sender.stop();
  }

  clearRefused(): Promise<void> {
    return this.refused.clear();
  }

  /** @returns the message to the person; null if the kiosk was unpaired */
  async punch(subject: Subject, capturedAt: Date, perform: Perform): Promise<Notice | null> {
    const draft = this.checker.draft(subject);
    const { online, waiting } = this.state;
    // Nobody is to wait for a network that is known to be away, nor to overtake those who wait already.
    if (this.canKeep && (!online || waiting > 0)) return await this.keep(draft, subject, capturedAt);
    try {
      const result = await this.checker.send(draft, subject, perform);
      this.set({ online: true });
      return noticeOf(result, this.settings.office?.timeZone ?? null);
    } catch (error) {
      if (isFault(error, 'UNAUTHENTICATED')) {
        this.onUnpaired();
        return null;
      }
      if (!isFault(error, 'OFFLINE')) return faultNotice(error);
      this.set({ online: false });
      if (!this.canKeep) return faultNotice(error, true);
      return await this.keep(draft, subject, capturedAt);
    }
  }

  private get canKeep(): boolean {
    return this.checker.canWait && this.state.waiting < MAX_WAITING;
  }

  /** The requestId is that of a try whose answer was lost: it counts once, whatever became of it. */
  private async keep(draft: Check, { photo }: Subject, capturedAt: Date): Promise<Notice> {
    const faceDescriptor = await this.checker.descriptorFor(photo);
    await putPunch({ check: { ...draft, faceDescriptor, capturedAt: capturedAt.toISOString() }, photo });
    this.set({ waiting: await waitingCount() });
    this.sender.wake();
    return keptNotice(capturedAt, this.settings);
  }

  private readonly wake = (): void => this.sender.wake();

  private set(change: Partial<PunchingState>): void {
    this.state = { ...this.state, ...change };
    this.onChange(this.state);
  }
}
