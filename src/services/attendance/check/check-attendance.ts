import type { Logger } from 'pino';
import { v7 as uuidv7 } from 'uuid';
import { badInput, unavailable } from '../../../errors';
import type { CheckStep, Metrics } from '../../../metrics';
import type { KeyContacts } from '../../access/key-contacts';
import type { LockoutService } from '../../access/lockout-service';
import type { Requester } from '../../access/requester';
import type { Descriptor } from '../../faces/engine/descriptor';
import type { FaceReader } from '../../faces/engine/face-reader';
import { Verdict } from '../../faces/matching/verdict';
import type { GallerySync } from '../../faces/matching/gallery-sync';
import type { Photo } from '../../photos/input/photo-reader';
import type { StorageService } from '../../photos/storage-service';
import type { ReviewQueue, Seen } from './review-queue';
import { Untimely } from './capture-time';
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

/** Begins a step of the check, whose time is measured. */
type Begin = (step: CheckStep) => void;

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
    return this.services.metrics.check((begin) => this.answer(check, requester, begin));
  }

  /**
   * A saved check with a final refusal becomes a review item. So does any check of an employee whose face cannot be
   * compared.
   */
  private async answer(check: Check, requester: Requester, begin: Begin): Promise<CheckOutcome> {
    const { reviews, contacts, now } = this.services;
    const { capturedAt, requestId } = check;
    const seen: Seen = { photo: null, employee: null };
    if (capturedAt == null) {
      try {
        return await this.decide(check, requester, seen, begin);
      } catch (error) {
        if (!(error instanceof NoTemplate)) throw error;
        // Without a requestId each repetition is a separate item.
        const kept = { ...check, capturedAt: now(), requestId: requestId ?? uuidv7() };
        return reviews.add({ check: kept, requester, reason: error.reason, note: null, seen });
      }
    }
    // What waited in a queue is sent again when its answer was lost: without this it would be recorded twice.
    if (requestId == null) throw badInput('requestId', 'required with capturedAt');
    const earlier = await reviews.earlier(check, requester);
    if (earlier !== null) return earlier;
    let reason: string | null;
    let note: string | null = null;
    try {
      const outcome = await this.decide(check, requester, seen, begin);
      if (KEPT.has(outcome.status)) return outcome;
      reason = outcome.status;
    } catch (error) {
      reason = finalReason(error);
      if (reason === null) {
        if (requester.keyId !== null && isServicesFault(error)) contacts.noteFault(requester.keyId);
        throw error;
      }
      if (error instanceof Untimely) note = error.note;
    }
    return reviews.add({ check: { ...check, capturedAt, requestId }, requester, reason, note, seen });
  }

  /** Validates what is cheap to check before anything is used up, and gives back what was used if the check fails. */
  private async decide(check: Check, requester: Requester, seen: Seen, begin: Begin): Promise<CheckOutcome> {
    const { reader, gallerySync, storage } = this.services;
    refuseForeignOffice(requester.kioskOffice, check.officeId);
    begin('read');
    const descriptor = reader.sent(check.faceDescriptor);
    if (!gallerySync.ready) {
      throw unavailable('Face templates are still loading; try again shortly');
    }
    const position = positionOf(check);
    const { imageBase64, image, livenessImages, livenessImagesBase64 } = check;
    const hasFrames = livenessImages != null || livenessImagesBase64 != null;
    const [[photo], frames] = await Promise.all([
      storage.readPhotos({ imageBase64, image }, !reader.prepare(descriptor)),
      // They are looked at, or refused.
      hasFrames ? storage.readPhotos({ livenessImages, livenessImagesBase64 }, !reader.seesPhotos) : [],
    ]);
    const evidence = { descriptor, position, photo: photo as Photo, frames };
    seen.photo = evidence.photo;
    const held = new Reservation(this.services, check, requester);
    try {
      const outcome = await this.steps(check, evidence, requester, held, seen, begin);
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
    begin: Begin,
  ): Promise<CheckOutcome> {
    const { reader, liveness, persons, punches, refused, lockouts, log } = this.services;

    // 1 admit
    begin('admit');
    const admitted = await held.holdChallenge(check.challenge ?? null);
    if (admitted.status !== 'HELD') return admitted;
    const photos = [photo.sent];
    for (const frame of frames) photos.push(frame.sent);
    const descriptors = descriptor === null ? [] : [descriptor];
    if (!(await held.holdSamples({ photos, descriptors }))) return { status: 'REPLAY_DETECTED' };

    // 2 see
    begin('see');
    const face = await reader.read(photo, descriptor, admitted.actions.length > 0 ? 'front' : 'check');
    if (face.kind === 'NOT_USABLE') return { status: 'FACE_NOT_USABLE', reason: face.fault };
    known.photo = face.photo;
    begin('liveness');
    const shown = await liveness.watch(admitted.actions, { photo, face }, frames);
    if (shown.status !== 'SHOWN') return shown;
    // Another wrapping of the same picture gives the same descriptor.
    if (!(await held.holdSamples({ photos: [], descriptors: shown.descriptors }))) {
      return { status: 'REPLAY_DETECTED' };
    }

    // 3 match
    begin('match');
    let matched = await persons.match(check, face.probe, { photo, position }, requester);
    if (matched.status === 'FACE_MISMATCH' && matched.similarity === null) {
      if (face.face === null && reader.seesPhotos) {
        // The descriptor was to decide, and the employee has none to compare it with: the photo decides.
        begin('see');
        const later = await reader.look(photo, 'check');
        begin('match');
        if (later.kind === 'FACE') {
          const probe = { ...later.probe, client: descriptor };
          matched = await persons.match(check, probe, { photo, position }, requester);
        }
      }
      if (matched.status === 'FACE_MISMATCH' && matched.similarity === null) {
        await persons.refuseIncomparable(matched.employee);
      }
    }
    if (matched.status !== 'MATCHED') {
      // HR may learn whom a saved check is about; its sender may not.
      if (matched.status === 'FACE_NOT_RECOGNIZED') known.employee = matched.locked ?? null;
      return matched;
    }
    const employee = matched.subject.employee.id;
    known.employee = employee;
    const retried = matched.subject.sameRequest?.retry === true;
    const stranger = matched.retried === true ? null : liveness.belongsTo(employee, shown);
    if (stranger !== null) return stranger;
    // Any photo of a punch that is recorded gets its first answer.
    const look = retried ? null : await reader.lookOf(photo, face);
    if (look !== null && !(await held.holdLook(look, employee))) return { status: 'REPLAY_DETECTED' };

    // 4 place, 5 punch, 6 local copy, 7 row, 8 CDN
    begin('punch');
    const { challenged } = admitted;
    const { decidedBy, verdict } = matched.comparison;
    const proof = { descriptorSource: decidedBy, challenged, live: shown.frames.length > 0 };
    const proven = { check, requester, photo: face.photo, position, matched, proof };
    const outcome = await punches.record(proven, held);
    if (outcome.status === 'RECORDED' && verdict === Verdict.DOUBTFUL_MATCH) {
      refused.noteDoubt(matched.comparison, employee, check, requester);
    }
    // The employee is there, so earlier refusals were no successful attack. A repeated photo of an earlier punch does not
    // show that.
    if (matched.subject.refusals > 0 && !retried) {
      try {
        await lockouts.forget(employee);
      } catch (err) {
        // The punch is recorded, and the answer must say so.
        log.warn({ err }, 'Could not reset the failed-match counter');
      }
    }
    return outcome;
  }
}
