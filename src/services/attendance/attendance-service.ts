import type { Logger } from 'pino';
import type { LivenessAction } from '@rollcall/face-rules';
import { LockoutKind } from '../../entities/lockout.entity';
import { badInput, unavailable } from '../../errors';
import type { LockoutService } from '../access/lockout-service';
import type { Actor } from '../audit/actor';
import type { FaceReader, FaceReading } from '../faces/engine/face-reader';
import type { Position } from './check/geofence';
import type { Descriptor } from '../faces/engine/descriptor';
import type { GallerySync } from '../faces/matching/gallery-sync';
import type { ReplayGuard } from '../faces/replay/replay-guard';
import type { Samples } from '../faces/replay/sample-hash';
import type { Photo } from '../photos/input/photo-reader';
import type { StorageService } from '../photos/storage-service';
import { refuseUnfitCapture } from './check/capture-time';
import type { Check } from './check/check';
import type { Admission, CheckAdmission } from './check/check-admission';
import { refuseForeignOffice, type Checker } from './check/checker';
import type { CheckOutcome } from './check/check-outcome';
import type { FaceCheck } from './check/face-check';
import type { LivenessCheck, Shown } from './check/liveness-check';
import type { Proof, PunchRecorder } from './punches/punch-recorder';
import type { RefusedChecks } from './check/refused-checks';

interface AttendanceServiceParts {
  readonly reader: FaceReader;
  readonly gallerySync: GallerySync;
  readonly storage: StorageService;
  readonly admission: CheckAdmission;
  readonly liveness: LivenessCheck;
  readonly replays: ReplayGuard;
  readonly faces: FaceCheck;
  readonly punches: PunchRecorder;
  readonly lockouts: LockoutService;
  readonly refused: RefusedChecks;
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

/** The photos that a check uses up. */
interface Use {
  /** Gets what makes them good for another check. */
  readonly undo: (() => Promise<void>)[];
  /** They are not to be, whatever becomes of the check. */
  readonly keep: () => void;
}

/** What can be made out on the photos. */
interface Seen {
  readonly status: 'SEEN';
  readonly face: Extract<FaceReading, { kind: 'FACE' }>;
  readonly shown: Shown;
}

/** Checks faces and records punches: the life of a punch, step by step. */
export class AttendanceService {
  constructor(private readonly parts: AttendanceServiceParts) {}

  /**
   * Decides whose face it is and whether they stand at their office, and records the punch. Refusals are outcomes:
   * of them nothing is kept but that the challenge was used, the photo was seen, a face was refused, and what security
   * has to know.
   * @param by who sends the check, for the audit trail
   * @throws RollcallError BAD_USER_INPUT; CONFLICT where the requestId is another employee's; FORBIDDEN for a kiosk
   *   that names another office, and for capturedAt; TOO_MANY_REQUESTS after too many refused faces; UNAVAILABLE
   */
  async check(check: Check, checker: Checker, by: Actor): Promise<CheckOutcome> {
    const { admission, refused, now, log } = this.parts;
    refuseForeignOffice(checker.kioskOffice, check.officeId);
    refuseUnfitCapture(check, checker, now());
    const evidence = await this.read(check);
    const admitted = await admission.admit(check, checker.id);
    const sent = { check, checker, by };
    if (admitted.status !== 'ADMITTED') {
      await refused.keep(admitted, sent);
      return admitted;
    }
    // Without an answer the client sends the check again: what it used up is given back then. Not its photos where the
    // face had matched and the fault is the client's, or where the punch may be there all the same: a retry has the same
    // requestId.
    const photos: (() => Promise<void>)[] = [];
    let keepsPhotos = false;
    const use: Use = { undo: photos, keep: () => (keepsPhotos = true) };
    try {
      const outcome = await this.outcomeOf(check, evidence, admitted, checker, use);
      await refused.keep(outcome, sent);
      return outcome;
    } catch (error) {
      refused.noteFault(error, sent, keepsPhotos);
      const undo = [admitted.giveBack, ...(keepsPhotos ? [] : photos)];
      const undone = await Promise.allSettled(undo.map((step) => step()));
      for (const step of undone) {
        if (step.status === 'fulfilled') continue;
        log.warn({ err: step.reason as unknown }, 'A failed check has used up its photo or challenge');
      }
      throw error;
    }
  }

  private async outcomeOf(
    check: Check,
    evidence: Evidence,
    { actions, challenged }: Admission,
    checker: Checker,
    { undo, keep }: Use,
  ): Promise<CheckOutcome> {
    const { replays } = this.parts;
    const by = { caller: checker.id, requestId: check.requestId ?? null };
    const sent = await replays.claim(samplesSent(evidence), by);
    if (!sent.fresh) return { status: 'REPLAY_DETECTED' };
    undo.push(sent.release);
    const seen = await this.see(evidence, actions);
    if (seen.status !== 'SEEN') return seen;
    const computed = await replays.claim(samplesComputed(seen), by);
    if (!computed.fresh) return { status: 'REPLAY_DETECTED' };
    undo.push(computed.release);
    return this.decide(check, evidence, seen, challenged, checker, keep);
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

  private async see(
    { photo, frames, descriptor }: Evidence,
    actions: readonly LivenessAction[],
  ): Promise<Seen | CheckOutcome> {
    const { reader, liveness } = this.parts;
    const face = await reader.read(photo, descriptor);
    switch (face.kind) {
      case 'NOT_USABLE':
        return { status: 'FACE_NOT_USABLE', fault: face.fault };
      case 'MISMATCH':
        return { status: 'DESCRIPTOR_MISMATCH', similarity: face.similarity };
      case 'FACE': {
        const shown = await liveness.watch(actions, { photo, face }, frames);
        return shown.status === 'SHOWN' ? { status: 'SEEN', face, shown } : shown;
      }
    }
  }

  private async decide(
    check: Check,
    { position, photo }: Evidence,
    { face, shown }: Seen,
    challenged: boolean,
    checker: Checker,
    keepUsed: () => void,
  ): Promise<CheckOutcome> {
    const { faces, liveness, punches } = this.parts;
    const matched = await faces.match(check, face.probe, position, checker);
    if (matched.status !== 'MATCHED') return matched;
    const failed = liveness.belongsTo(matched.subject.employee.id, shown);
    if (failed !== null) return failed;
    const proof: Proof = { descriptorSource: face.source, challenged, live: shown.frames.length > 0 };
    const outcome = await punches.record(check, photo, { ...matched, proof }, checker, keepUsed);
    if (matched.subject.refusals > 0) await this.forget(matched.subject.employee.id);
    return outcome;
  }

  /** The employee is there: what was refused before was not an attack, or it did not get in. */
  private async forget(employeeId: string): Promise<void> {
    const { lockouts, log } = this.parts;
    try {
      await lockouts.clear(LockoutKind.EMPLOYEE, employeeId);
    } catch (err) {
      // The punch is recorded, and the answer must say so.
      log.warn({ err }, 'Could not reset the failed-match counter');
    }
  }
}

const samplesSent = ({ descriptor, photo, frames }: Evidence): Samples => ({
  photos: [photo, ...frames].map(({ sent }) => sent),
  descriptors: descriptor === null ? [] : [descriptor],
});

/** Another wrapping of the same picture gives the same descriptor. */
const samplesComputed = ({ face, shown }: Seen): Samples => ({
  photos: [],
  descriptors: [face.face, ...shown.faces].flatMap((each) => (each === null ? [] : [each.plain])),
});

/** @throws RollcallError BAD_USER_INPUT for half a position */
function positionOf({ latitude, longitude }: Check): Position | null {
  if (latitude == null && longitude == null) return null;
  if (latitude == null || longitude == null) {
    throw badInput(
      latitude == null ? 'latitude' : 'longitude',
      'latitude and longitude must be given together',
    );
  }
  return { latitude, longitude };
}
