import type { CheckResult, KioskSettings } from '../api';
import { fill, texts } from '../messages';
import { ApiFault, isFault } from '../shared/faults';
import type { Signal } from '../shared/sound';
import { dateText, distanceText, hourIn, timeIn, waitText } from '../shared/time';

type Recorded = Extract<CheckResult, { readonly attendance: unknown }>;

/** Another way to punch after a refusal. */
type Way = 'again' | 'number' | 'next';

/** The message to the person. The tone decides colour, symbol and sound. */
export interface Notice {
  readonly tone: Signal;
  readonly title: string;
  /** Large, below the title: direction and time. */
  readonly detail: string | null;
  readonly advice: string | null;
  readonly ways: readonly Way[];
}

interface Refusal {
  readonly title: string;
  readonly advice: string;
}

const refusal = ({ title, advice }: Refusal, ways: readonly Way[] = ['again', 'number']): Notice => ({
  tone: 'bad',
  title,
  detail: null,
  advice,
  ways,
});

/** @param zone of the kiosk's office, if the punch names none */
export function noticeOf(result: CheckResult, zone: string | null): Notice {
  const { kiosk } = texts();
  // Some outcomes have more data than a status. All others have a text by status; a test checks that.
  if ('attendance' in result) {
    return recorded(result, zone);
  }
  if (result.__typename === 'OutsideOffice') {
    const { title, advice } = kiosk.outcomes.OUTSIDE_OFFICE;
    const distance = distanceText(result.distanceFromOffice ?? 0);
    return refusal({ title, advice: fill(advice, { distance, office: result.office.name }) }, ['again']);
  }
  if (result.__typename === 'FaceNotUsable') return refusal(kiosk.faceFaults[result.faceFault]);
  if (result.__typename === 'ChallengeRefused') {
    return refusal(kiosk.challengeRefusals[result.challengeRefusal], ['again']);
  }
  if (result.__typename === 'LivenessFailed') {
    const reason = result.faceReason;
    const { title, advice } = kiosk.livenessFaults[result.livenessFault];
    return refusal(reason === null ? { title, advice } : { title, advice: kiosk.faceFaults[reason].advice });
  }
  const text = kiosk.outcomes[result.status as keyof typeof kiosk.outcomes];
  // A number does not change which door is theirs, nor where the tablet is.
  const isElsewhere = result.__typename === 'OtherOffice' || result.__typename === 'PositionUncertain';
  return refusal(text, isElsewhere ? ['again'] : undefined);
}

function recorded({ __typename, attendance, notices }: Recorded, zone: string | null): Notice {
  const isNew = __typename === 'AttendanceRecorded';
  const { type, recordedAt, employee, office } = attendance;
  const { kiosk, directions } = texts();
  const at = new Date(recordedAt);
  const where = office?.timeZone ?? zone;
  const values = { direction: directions[type], time: timeIn(where, at) };
  return {
    tone: isNew ? 'good' : 'known',
    title: fill(type === 'LOGOUT' ? kiosk.greetings.goodbye : greeting(hourIn(where, at)), {
      name: employee.name,
    }),
    detail: fill(isNew ? kiosk.punchAt : kiosk.alreadyAt, values),
    advice: notices.flatMap(noticeText).join(' ') || null,
    ways: ['next'],
  };
}

/** Says the weekday first: who forgot something remembers that. A service that is newer than the page may know more codes. */
function noticeText({ code, date }: Recorded['notices'][number]): string[] {
  const known: Readonly<Record<string, string>> = texts().kiosk.notices;
  const text = known[code];
  return text === undefined ? [] : [fill(text, { date: dateText(date, { weekday: 'long', month: 'long' }) })];
}

function greeting(hour: number): string {
  const { greetings } = texts().kiosk;
  if (hour >= 4 && hour < 12) return greetings.morning;
  return hour >= 12 && hour < 18 ? greetings.afternoon : greetings.evening;
}

/** @param online whether it waits for the service, not for the network */
export function keptNotice(capturedAt: Date, settings: KioskSettings, online: boolean): Notice {
  const { title, text, service } = texts().kiosk.kept;
  const time = timeIn(settings.office?.timeZone ?? null, capturedAt);
  return {
    tone: 'known',
    title,
    detail: fill(online ? service : text, { time }),
    advice: null,
    ways: ['next'],
  };
}

/** A punch that cannot be saved, because the tablet's storage is full. */
export const fullNotice = (): Notice => refusal(texts().kiosk.storageFull, ['again']);

/** @param offline whether the fault is that there is no network, and that punches cannot be kept here */
export function faultNotice(error: unknown, offline = false): Notice {
  const { kiosk } = texts();
  if (offline) return refusal(kiosk.offlineImpossible, ['again']);
  // The office has a geofence, and the browser does not tell where it is.
  if (isFault(error, 'BAD_USER_INPUT') && error.details['field'] === 'latitude') {
    return refusal(kiosk.noPosition, ['again']);
  }
  // It ends tomorrow, or when HR ends it.
  if (isFault(error, 'TOO_MANY_REQUESTS') && error.details['lockout'] === 'DAILY') {
    return refusal(kiosk.lockedForToday, ['again']);
  }
  const fault = error instanceof ApiFault ? error : new ApiFault('INTERNAL_SERVER_ERROR', String(error));
  const code =
    fault.code in kiosk.faults ? (fault.code as keyof typeof kiosk.faults) : 'INTERNAL_SERVER_ERROR';
  const { title, advice } = kiosk.faults[code];
  return refusal({ title, advice: fill(advice, { wait: waitText(fault.retryAfterMs) }) }, ['again']);
}
