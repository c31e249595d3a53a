import type { Logger } from 'pino';
import type { Metrics } from '../../../metrics';
import { TemplateSource } from '../../../entities/face-template.entity';
import { RollcallError, unavailable } from '../../../errors';
import { Locked } from '../../access/locked';
import type { KeyContacts } from '../../access/key-contacts';
import type { LockoutService } from '../../access/lockout-service';
import { keyIdOf, type Requester } from '../../access/requester';
import { systemCode } from '../../disk/storage-fault';
import type { Descriptor } from '../../faces/engine/descriptor';
import type { FaceReader } from '../../faces/engine/face-reader';
import type { GallerySync } from '../../faces/matching/gallery-sync';
import type { Photo } from '../../photos/input/photo-reader';
import type { StorageService } from '../../photos/storage-service';
import { isSaved, type ReviewQueue } from './review-queue';
import { refuseUnfitCapture, Untimely } from './capture-time';
import { refuseForeignOffice, type Check } from './check';
import { positionOf, type Position } from './geofence';
import type { LivenessCheck } from './liveness-check';
import type { PersonMatcher } from './match-person';
import type { CheckAnswer, CheckOutcome } from './outcomes';
import type { PunchRecorder } from './record-punch';
import { Reservation, type ReservationParts } from './reservation';

interface CheckAttendanceParts extends ReservationParts {
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

/** What a check sent, proven to be what it should be. */
interface Evidence {
  readonly position: Position | null;
  /** The client's, where it counts. */
  readonly descriptor: Descriptor | null;
  readonly photo: Photo;
  /** For the actions of the challenge. */
  readonly frames: readonly Photo[];
}

/** What a check has come to know, for whoever has to decide about it. */
interface Seen {
  photo: Photo | null;
  /** Row id of whose face it is. */
  employee: string | null;
  /** Who computed the descriptor that is compared. */
  source: TemplateSource | null;
}

/** Faults that the same check ends in again, however often it is sent. */
const FINAL = new Set(['BAD_USER_INPUT', 'FORBIDDEN', 'NOT_FOUND', 'CONFLICT']);

/** Why a fault is final; null: it may pass. */
function finalReason(error: unknown): string | null {
  if (error instanceof Untimely) return error.reason;
  // A short lock passes while the client waits; this one needs a person.
  if (error instanceof Locked) return error.daily ? 'LOCKED_OUT' : null;
  return error instanceof RollcallError && FINAL.has(error.code) ? error.code : null;
}

/** Whether the disk or the database failed, or something unforeseen: what no client can bring about. */
const isServicesFault = (error: unknown): boolean =>
  !(error instanceof RollcallError) ||
  (error.code === 'UNAVAILABLE' && systemCode(error.cause) !== undefined);

/** Checks faces and records punches: the life of a punch, step by step. */
export class CheckAttendance {
  constructor(private readonly parts: CheckAttendanceParts) {}

  /**
   * Decides whose face it is and whether they stand at their office, and records the punch. Refusals are outcomes:
   * of them nothing is kept but that the challenge was used, the photo was seen, a face was refused, and what security
   * has to know.
   * @throws RollcallError BAD_USER_INPUT; CONFLICT where the requestId is another employee's; FORBIDDEN for a kiosk
   *   that names another office, and for capturedAt; TOO_MANY_REQUESTS after too many refused faces; UNAVAILABLE
   */
  async check(check: Check, requester: Requester): Promise<CheckAnswer> {
    const seen: Seen = { photo: null, employee: null, source: null };
    const outcome = await this.parts.metrics.check(() => this.answer(check, requester, seen));
    return { ...outcome, source: seen.source };
  }

  /** As a saved check that is refused for good: with a review item. */
  private async answer(check: Check, requester: Requester, seen: Seen): Promise<CheckOutcome> {
    refuseUnfitCapture(check);
    if (!isSaved(check)) return this.decide(check, requester, seen);
    const { reviews, storage, contacts } = this.parts;
    const earlier = await reviews.earlier(check, requester);
    if (earlier !== null) return earlier;
    let reason: string | null;
    let note: string | null = null;
    try {
      const outcome = await this.decide(check, requester, seen);
      if (outcome.status === 'RECORDED' || outcome.status === 'ALREADY_RECORDED') return outcome;
      reason = outcome.status;
    } catch (error) {
      reason = finalReason(error);
      if (reason === null) {
        if (requester.kind === 'key' && isServicesFault(error)) contacts.noteFault(keyIdOf(requester));
        throw error;
      }
      if (error instanceof Untimely) note = error.note;
    }
    const { imageBase64, image } = check;
    const photo =
      seen.photo ??
      (await storage.readPhotos({ imageBase64, image }).then(
        ([first]) => first ?? null,
        () => null,
      ));
    return reviews.add({ check, requester, reason, note, photo, found: seen.employee });
  }

  private async decide(check: Check, requester: Requester, seen: Seen): Promise<CheckOutcome> {
    refuseForeignOffice(requester.kioskOffice, check.officeId);
    const { metrics } = this.parts;
    const evidence = await metrics.step('read', () => this.read(check));
    seen.photo = evidence.photo;
    const held = new Reservation(this.parts, { claimed: check.employeeId ?? null, by: requester });
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
    const { reader, liveness, persons, punches, metrics } = this.parts;
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
    const face = await metrics.step('see', () => reader.read(photo, descriptor));
    if (face.kind === 'NOT_USABLE') return { status: 'FACE_NOT_USABLE', reason: face.fault };
    known.source = face.kind === 'FACE' ? face.source : TemplateSource.CLIENT;
    if (face.kind === 'MISMATCH') return { status: 'DESCRIPTOR_MISMATCH', similarity: face.similarity };
    const shown = await metrics.step('liveness', () =>
      liveness.watch(admitted.actions, { photo, face }, frames),
    );
    if (shown.status !== 'SHOWN') return shown;
    // Another wrapping of the same picture gives the same descriptor.
    const seen = { photos: [], descriptors: shown.descriptors };
    if (!(await held.holdSamples(seen, by))) return { status: 'REPLAY_DETECTED' };

    // 3 match
    const matched = await metrics.step('match', () =>
      persons.match(check, face.probe, { photo, position }, requester),
    );
    if (matched.status !== 'MATCHED') {
      // HR may know whom a saved check is about, though its sender may not.
      if (matched.status === 'FACE_NOT_RECOGNIZED') known.employee = matched.locked ?? null;
      return matched;
    }
    known.employee = matched.subject.employee.id;
    const retried = matched.subject.sameRequest?.retry === true;
    const stranger = matched.retried === true ? null : liveness.belongsTo(matched.subject.employee.id, shown);
    if (stranger !== null) return stranger;

    // 4 place, 5 punch, 6 local copy, 7 row, 8 CDN
    const { challenged } = admitted;
    const proof = { descriptorSource: face.source, challenged, live: shown.frames.length > 0 };
    const proven = { check, requester, photo, position, matched, proof };
    const outcome = await metrics.step('punch', () => punches.record(proven, held));
    // A photo of an earlier punch, sent again, is no sign that the employee is there.
    if (matched.subject.refusals > 0 && !retried) await this.forget(matched.subject.employee.id);
    return outcome;
  }

  /** Everything that is cheap to refuse, before a challenge is used up for it. */
  private async read(check: Check): Promise<Evidence> {
    const { reader, gallerySync, storage } = this.parts;
    const descriptor = reader.sent(check.faceDescriptor);
    if (!gallerySync.ready) {
      throw unavailable('Face templates are still loading; try again shortly');
    }
    const position = positionOf(check);
    const { imageBase64, image, livenessImages, livenessImagesBase64 } = check;
    const hasFrames = livenessImages != null || livenessImagesBase64 != null;
    const [[photo], frames] = await Promise.all([
      storage.readPhotos({ imageBase64, image }),
      hasFrames ? storage.readPhotos({ livenessImages, livenessImagesBase64 }) : [],
    ]);
    return { descriptor, position, photo: photo as Photo, frames };
  }

  /** The employee is there: what was refused before was not an attack, or it did not get in. */
  private async forget(employeeId: string): Promise<void> {
    const { lockouts, log } = this.parts;
    try {
      await lockouts.forget(employeeId);
    } catch (err) {
      // The punch is recorded, and the answer must say so.
      log.warn({ err }, 'Could not reset the failed-match counter');
    }
  }
}
