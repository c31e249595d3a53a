import type { Api, Check, KioskSettings } from '../api';
import { putPunch, savedCount, StorageFull } from '../offline/outbox';
import { Sender } from '../offline/sender';
import { askForPersistence, storageState } from '../offline/storage';
import { isFault } from '../shared/faults';
import { type Attempt, Checker, type Perform, type Subject } from './checker';
import { faultNotice, fullNotice, keptNotice, type Notice, noticeOf } from './notices';
import { RefusedPunches } from './refused-punches';
import { INITIAL, type KioskState } from './state';

/** The part of the kiosk's state that punches change. */
type PunchingState = Pick<KioskState, 'online' | 'waiting' | 'saved' | 'refused' | 'storage'>;

const { online, waiting, saved, refused, storage } = INITIAL;

/** Makes punches: now if the service answers, otherwise later. */
export class Punching {
  private state: PunchingState = { online, waiting, saved, refused, storage };
  /** Saved punches that a new one must not overtake. */
  private next = 0;
  private unwatch: () => void = () => undefined;
  private readonly checker: Checker;
  private readonly sender: Sender;
  private readonly refused = new RefusedPunches((list) => this.set({ refused: list }));

  constructor(
    private readonly api: Api,
    private readonly settings: KioskSettings,
    private readonly onChange: (state: PunchingState) => void,
    private readonly onUnpaired: () => void,
    pauseMs?: number,
  ) {
    this.checker = new Checker(api, settings);
    this.sender = new Sender(
      api,
      api.reach,
      {
        saved: (all, next) => this.count(all, next),
        delivered: (check) => void this.refused.delivered(check),
        refused: (refusal, check) => void this.refused.note(refusal, check),
        unauthenticated: () => this.onUnpaired(),
      },
      pauseMs,
    );
  }

  /** Recalls what there was before this page was loaded, and begins to send saved punches. */
  async open(): Promise<void> {
    addEventListener('online', this.wake);
    this.set({ online: this.api.reach.online });
    this.unwatch = this.api.reach.watch((reached) => {
      this.set({ online: reached });
      if (reached) this.sender.wake();
    });
    await Promise.all([this.refused.open(), askForPersistence()]);
    const all = await savedCount();
    this.count(all, all);
    await this.look();
    this.sender.wake();
  }

  close(): void {
    removeEventListener('online', this.wake);
    this.unwatch();
    this.sender.stop();
  }

  clearRefused(): Promise<void> {
    return this.refused.clear();
  }

  /** @returns the message to the person; null if the kiosk was unpaired */
  async punch(subject: Subject, capturedAt: Date, perform: Perform): Promise<Notice | null> {
    const attempt: Attempt = { check: this.checker.draft(subject) };
    // Nobody waits for a missing network, and no punch overtakes saved ones.
    if (this.checker.canWait && (!this.state.online || this.next > 0)) {
      return await this.keep(attempt.check, subject, capturedAt);
    }
    try {
      const result = await this.checker.send(attempt, subject, perform);
      return noticeOf(result, this.settings.office?.timeZone ?? null);
    } catch (error) {
      if (isFault(error, 'UNAUTHENTICATED')) {
        this.onUnpaired();
        return null;
      }
      if (isFault(error, 'OFFLINE')) {
        if (!this.checker.canWait) return faultNotice(error, true);
        return await this.keep(attempt.check, subject, capturedAt);
      }
      // After a fault of the service the same check is sent again until it has an outcome.
      if (!isFault(error, 'INTERNAL_SERVER_ERROR', 'UNAVAILABLE')) return faultNotice(error);
      return await this.keep(attempt.check, subject, capturedAt);
    }
  }

  /** Keeps the requestId of a try whose answer was lost, so that the punch counts once even if the service has it. */
  private async keep(check: Check, { photo }: Subject, capturedAt: Date): Promise<Notice> {
    await this.look();
    if (this.state.storage.full) return fullNotice();
    try {
      await putPunch({ check: { ...check, capturedAt: capturedAt.toISOString() }, photo });
    } catch (error) {
      if (!(error instanceof StorageFull)) throw error;
      return fullNotice();
    }
    this.count(this.state.saved + 1, this.next + 1);
    this.sender.wake();
    const at = new Date(capturedAt.getTime() + (check.clockOffsetMs ?? 0));
    return keptNotice(at, this.settings, this.state.online);
  }

  private async look(): Promise<void> {
    this.set({ storage: await storageState() });
  }

  private count(all: number, next: number): void {
    this.next = next;
    this.set({ saved: all });
  }

  private readonly wake = (): void => this.sender.wake();

  private set(change: Partial<Omit<PunchingState, 'waiting'>>): void {
    const state = { ...this.state, ...change };
    this.state = { ...state, waiting: Math.max(0, state.saved - state.refused.length) };
    this.onChange(this.state);
  }
}
