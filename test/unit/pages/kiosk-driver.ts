import { Api, type Check, type CheckResult, type KioskSettings } from '../../../web/src/api';
import { Punching } from '../../../web/src/kiosk/punching';
import type { KioskState } from '../../../web/src/kiosk/state';
import { loadLanguage } from '../../../web/src/messages';
import { promised, transact } from '../../../web/src/offline/database';
import { savedCount } from '../../../web/src/offline/outbox';
import { Reach } from '../../../web/src/shared/reach';
import { ServiceClock } from '../../../web/src/shared/service-clock';
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

/** A page of the kiosk, opened on what the tablet has stored. */
export const driver: KioskDriver = {
  async empty() {
    await loadLanguage();
    for (const store of ['outbox', 'values'] as const) {
      await transact(store, 'readwrite', (all) => promised(all.clear()));
    }
  },
  savedCount,
  async open({ key, office, device, session, pauseMs }: TabletOptions): Promise<Tablet> {
    let state: Partial<KioskState> = {};
    const api = new FormerApi(() => key, new Reach(new ServiceClock(device, session)));
    // As the page loads them, and every few seconds after that.
    await api.kioskSettings().catch(() => null);
    const settings: KioskSettings = {
      office: { ...office, latitude: null, longitude: null, radiusMeters: null },
      requireChallenge: false,
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
