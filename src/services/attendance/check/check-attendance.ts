import type { Logger } from 'pino';
import type { Metrics } from '../../../metrics';
import { unavailable } from '../../../errors';
import type { KeyContacts } from '../../access/key-contacts';
import type { LockoutService } from '../../access/lockout-service';
import { keyIdOf, type Requester } from '../../access/requester';
import type { Descriptor } from '../../faces/engine/descriptor';
import type { FaceProbe } from '../../faces/engine/face-probe';
import type { FaceReader } from '../../faces/engine/face-reader';
import { Verdict } from '../../faces/matching/verdict';
import type { GallerySync } from '../../faces/matching/gallery-sync';
import type { Photo } from '../../photos/input/photo-reader';
import type { StorageService } from '../../photos/storage-service';
import { asSaved, isSaved, type ReviewQueue, type SavedCheck } from './review-queue';
import { refuseUnfitCapture, Untimely } from './capture-time';
import { refuseForeignOffice, type Check } from './check';
import { finalReason, isServicesFault, KEPT } from './final-reason';
import { positionOf, type Position } from './geofence';
import type { LivenessCheck } from './liveness-check';
import { NoTemplate, type PersonMatcher } from './match-person';
import type { CheckOutcome } from './outcomes';
import type { PunchRecorder } from './record-punch';
import { Reservation, type ReservationServices } from './reservation';

interface CheckServices extends ReservationServices {
  readonly reader: FaceReader;
  readonly gallerySync: GallerySync;
  readonly storage: StorageService;
  readonly liveness: LivenessCheck;
  readonly persons: PersonMatcher;
  readonly punches: PunchRecorder;
  readonly lockouts: LockoutService;
  readonly reviews: ReviewQueue;
  readonly contacts: Pick<KeyContacts, 'noteFault'>;
  readonly metrics: Metrics;
  readonly now: () => Date;
  readonly log: Logger;
}

/** The validated input of a check. */
interface Evidence {
  readonly position: Position | null;
  /** The client's, if it counts. */
  readonly descriptor: Descriptor | null;
  readonly photo: Photo;
  /** For the actions of the challenge. */
  readonly frames: readonly Photo[];
}

/** What a check found, for the person who reviews it. */
interface Seen {
  photo: Photo | null;
  /** Row id of the employee whose face it is. */
  employee: string | null;
}

/** null: the photo cannot be read. */
const proved = (photo: Promise<Photo>): Promise<Photo | null> => photo.catch(() => null);

/** Checks faces and records punches: the life of a punch, step by step. */
export class CheckAttendance {
  constructor(private readonly services: CheckServices) {}

  /**
   * Decides whose face it is and whether the person is at their office, and records the punch. Refusals are outcomes. They
   * leave only: the used challenge, hashes of the photo, a count of refused faces, and audit events.
   * @throws RollcallError BAD_USER_INPUT; CONFLICT if the requestId is another employee's; FORBIDDEN for a kiosk
   *   that names another office, and for capturedAt; TOO_MANY_REQUESTS after too many refused faces; UNAVAILABLE
   */
  check(check: Check, requester: Requester): Promise<CheckOutcome> {
    return this.services.metrics.check(() => this.answer(check, requester));
  }

  /**
   * A saved check with a final refusal becomes a review item. So does any check of an employee whose face cannot be
   * compared.
   */
  private async answer(check: Check, requester: Requester): Promise<CheckOutcome> {
    const seen: Seen = { photo: null, employee: null };
    refuseUnfitCapture(check);
    if (!isSaved(check)) {
      try {
        return await this.decide(check, requester, seen);
      } catch (error) {
        if (!(error instanceof NoTemplate)) throw error;
        return this.queue(asSaved(check, this.services.now()), requester, error.reason, null, seen);
      }
    }
    const { reviews, contacts } = this.services;
    const earlier = await reviews.earlier(check, requester);
    if (earlier !== null) return earlier;
    let reason: string | null;
    let note: string | null = null;
    try {
      const outcome = await this.decide(check, requester, seen);
      if (KEPT.has(outcome.status)) return outcome;
      reason = outcome.status;
    } catch (error) {
      reason = finalReason(error);
      if (reason === null) {
        if (requester.kind === 'key' && isServicesFault(error)) contacts.noteFault(keyIdOf(requester));
        throw error;
      }
      if (error instanceof Untimely) note = error.note;
    }
    return this.queue(check, requester, reason, note, seen);
  }

  private async queue(
    check: SavedCheck,
    requester: Requester,
    reason: string,
    note: string | null,
    seen: Seen,
  ): Promise<CheckOutcome> {
    const { reviews, storage } = this.services;
    const { imageBase64, image } = check;
    const photo = await proved(
      seen.photo === null
        ? storage.readPhotos({ imageBase64, image }).then(([first]) => first as Photo)
        : storage.proved(seen.photo),
    );
    return reviews.add({ check, requester, reason, note, photo, found: seen.employee });
  }

  private async decide(check: Check, requester: Requester, seen: Seen): Promise<CheckOutcome> {
    refuseForeignOffice(requester.kioskOffice, check.officeId);
    const { metrics } = this.services;
    const evidence = await metrics.step('read', () => this.read(check));
    seen.photo = evidence.photo;
    const held = new Reservation(this.services, { claimed: check.employeeId ?? null, by: requester });
    try {
      const outcome = await this.steps(check, evidence, requester, held, seen);
      await held.commit(outcome);
      return outcome;
    } catch (error) {
      await held.release(error);
      throw error;
    }
  }

  private async steps(
    check: Check,
    { photo, frames, descriptor, position }: Evidence,
    requester: Requester,
    held: Reservation,
    known: Seen,
  ): Promise<CheckOutcome> {
    const { reader, liveness, persons, punches, metrics } = this.services;
    const { officeId = null, employeeId = null, requestId = null, challenge = null } = check;
    const by = { caller: requester.caller, officeId, employeeId, requestId };

    // 1 admit
    const admitted = await metrics.step('admit', () => held.holdChallenge(challenge, by));
    if (admitted.status !== 'HELD') return admitted;
    const photos = [photo.sent];
    for (const frame of frames) photos.push(frame.sent);
    const descriptors = descriptor === null ? [] : [descriptor];
    if (!(await held.holdSamples({ photos, descriptors }, by))) return { status: 'REPLAY_DETECTED' };

    // 2 see
    const purpose = admitted.actions.length > 0 ? 'front' : 'check';
    const face = await metrics.step('see', () => reader.read(photo, descriptor, purpose));
    if (face.kind === 'NOT_USABLE') return { status: 'FACE_NOT_USABLE', reason: face.fault };
    known.photo = face.photo;
    const shown = await metrics.step('liveness', () =>
      liveness.watch(admitted.actions, { photo, face }, frames),
    );
    if (shown.status !== 'SHOWN') return shown;
    // Another wrapping of the same picture gives the same descriptor.
    const seen = { photos: [], descriptors: shown.descriptors };
    if (!(await held.holdSamples(seen, by))) return { status: 'REPLAY_DETECTED' };

    // 3 match
    const match = (probe: FaceProbe) => persons.match(check, probe, { photo, position }, requester);
    let matched = await metrics.step('match', () => match(face.probe));
    if (matched.status === 'FACE_MISMATCH' && matched.similarity === null && face.face === null) {
      // The descriptor was to decide, and the employee has none to compare it with: the photo decides.
      const seen = await this.seenLater(photo, descriptor);
      if (seen !== null) matched = await metrics.step('match', () => match(seen));
    }
    if (matched.status === 'FACE_MISMATCH' && matched.similarity === null) {
      await persons.refuseIncomparable(matched.employee);
    }
    if (matched.status !== 'MATCHED') {
      // HR may learn whom a saved check is about; its sender may not.
      if (matched.status === 'FACE_NOT_RECOGNIZED') known.employee = matched.locked ?? null;
      return matched;
    }
    known.employee = matched.subject.employee.id;
    const retried = matched.subject.sameRequest?.retry === true;
    const stranger = matched.retried === true ? null : liveness.belongsTo(matched.subject.employee.id, shown);
    if (stranger !== null) return stranger;
    // Any photo of a punch that is recorded gets its first answer.
    const look = retried ? null : await reader.lookOf(photo, face);
    if (look !== null && !(await held.holdLook(look, matched.subject.employee.id, by))) {
      return { status: 'REPLAY_DETECTED' };
    }

    // 4 place, 5 punch, 6 local copy, 7 row, 8 CDN
    const { challenged } = admitted;
    const { decidedBy } = matched.comparison;
    const proof = { descriptorSource: decidedBy, challenged, live: shown.frames.length > 0 };
    const proven = { check, requester, photo: face.photo, position, matched, proof };
    const outcome = await metrics.step('punch', () => punches.record(proven, held));
    if (outcome.status === 'RECORDED' && matched.comparison.verdict === Verdict.DOUBTFUL_MATCH) {
      held.noteDoubt(matched.comparison, matched.subject.employee.id);
    }
    // A repeated photo of an earlier punch does not show that the employee is there.
    if (matched.subject.refusals > 0 && !retried) await this.forget(matched.subject.employee.id);
    return outcome;
  }

  /** The face on a photo that the server has not looked at yet; null: no usable face. */
  private async seenLater(photo: Photo, client: Descriptor | null): Promise<FaceProbe | null> {
    const { reader, metrics } = this.services;
    if (!reader.seesPhotos) return null;
    const reading = await metrics.step('see', () => reader.look(photo, 'check'));
    return reading.kind === 'FACE' ? { ...reading.probe, client } : null;
  }

  /** Validates what is cheap to check, before the challenge is used up. */
  private async read(check: Check): Promise<Evidence> {
    const { reader, gallerySync, storage } = this.services;
    const descriptor = reader.sent(check.faceDescriptor);
    if (!gallerySync.ready) {
      throw unavailable('Face templates are still loading; try again shortly');
    }
    const position = positionOf(check);
    const { imageBase64, image, livenessImages, livenessImagesBase64 } = check;
    const hasFrames = livenessImages != null || livenessImagesBase64 != null;
    const [[photo], frames] = await Promise.all([
      storage.readPhotos({ imageBase64, image }, !reader.looksAt(descriptor)),
      // They are looked at, or refused.
      hasFrames ? storage.readPhotos({ livenessImages, livenessImagesBase64 }, !reader.seesPhotos) : [],
    ]);
    return { descriptor, position, photo: photo as Photo, frames };
  }

  /** Resets the counter of failed matches: the employee is there, so earlier refusals were no successful attack. */
  private async forget(employeeId: string): Promise<void> {
    const { lockouts, log } = this.services;
    try {
      await lockouts.forget(employeeId);
    } catch (err) {
      // The punch is recorded, and the answer must say so.
      log.warn({ err }, 'Could not reset the failed-match counter');
    }
  }
}
