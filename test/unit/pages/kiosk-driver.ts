import { Api, type Check, type CheckResult, type KioskSettings } from '../../../web/src/api';
import { Punching } from '../../../web/src/kiosk/punching';
import type { KioskState } from '../../../web/src/kiosk/state';
import { loadLanguage } from '../../../web/src/messages';
import { promised, transact } from '../../../web/src/offline/database';
import { savedCount } from '../../../web/src/offline/outbox';
import { Reach } from '../../../web/src/shared/reach';
import { ServiceClock } from '../../../web/src/shared/service-clock';
import { TimeBeacon } from '../../../web/src/shared/time-beacon';
import type { KioskDriver, Tablet, TabletOptions } from '../../support/web/kiosk-driver';

/** Descriptors by employeeId, which outlive the page: of people who all have one photo. */
const descriptors = new Map<string, string>();

/** The page's, and like the pages before it sends descriptors. */
class FormerApi extends Api {
  override check(check: Check, photo: Blob, actions: readonly Blob[] = []): Promise<CheckResult> {
    const faceDescriptor = descriptors.get(check.employeeId ?? '') ?? null;
    return super.check({ ...check, faceDescriptor }, photo, actions);
  }
}

/** What outlives a restart of the tablet. */
const kept = new Map<string, string>();
const lasting = {
  getItem: (name: string) => kept.get(name) ?? null,
  setItem: (name: string, value: string) => void kept.set(name, value),
};

/** A page of the kiosk, opened on what the tablet has stored. */
export const driver: KioskDriver = {
  async empty() {
    await loadLanguage();
    kept.clear();
    for (const store of ['outbox', 'values'] as const) {
      await transact(store, 'readwrite', (all) => promised(all.clear()));
    }
  },
  savedCount,
  async open({ key, office, device, session, pauseMs }: TabletOptions): Promise<Tablet> {
    let state: Partial<KioskState> = {};
    const clock = new ServiceClock(device, session);
    const api = new FormerApi(() => key, new Reach(clock, new TimeBeacon(lasting)));
    // As the page loads them, and every few seconds after that.
    await api.kioskSettings().catch(() => null);
    const settings: KioskSettings = {
      office: { ...office, latitude: null, longitude: null, radiusMeters: null },
      requireChallenge: false,
      usesPosition: false,
      requireLiveness: false,
      positionMaxAgeSeconds: 120,
      positionMaxAccuracyMeters: 150,
      computesDescriptors: true,
    };
    const punching = new Punching(
      api,
      settings,
      (next) => (state = next),
      () => undefined,
      pauseMs,
    );
    await punching.open();
    return {
      get refused() {
        return (state.refused ?? []).map(({ why }) => why);
      },
      async poll() {
        await api.kioskSettings().catch(() => null);
      },
      async punch(employeeId, photo, wanted) {
        descriptors.set(employeeId, wanted);
        const subject = { photo: new Blob([photo], { type: 'image/jpeg' }), employeeId, position: null };
        const at = new Date(device.wall());
        const notice = await punching.punch(subject, at, () => Promise.resolve([]));
        return notice !== null && notice.tone !== 'bad';
      },
      close: () => punching.close(),
    };
  },
};
