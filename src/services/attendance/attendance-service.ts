import { badInput, unavailable } from '../../errors';
import type { Position } from '../geofence';
import type { DescriptorModel } from '../matching/descriptor-model';
import type { GallerySync } from '../matching/gallery-sync';
import type { StorageService } from '../storage/storage-service';
import type { Check } from './check';
import type { CheckOutcome } from './check-outcome';
import type { FaceCheck } from './face-check';
import type { PunchRecorder } from './punch-recorder';

/** Checks faces and records punches: the life of a punch, step by step. */
export class AttendanceService {
  constructor(
    private readonly model: DescriptorModel,
    private readonly gallerySync: GallerySync,
    private readonly storage: StorageService,
    private readonly faces: FaceCheck,
    private readonly punches: PunchRecorder,
  ) {}

  /**
   * Decides whose face it is and whether they stand at their office, and records the punch. Refusals are outcomes:
   * they write nothing.
   * @throws RollcallError BAD_USER_INPUT; CONFLICT where the requestId is another employee's; UNAVAILABLE
   */
  async check(check: Check): Promise<CheckOutcome> {
    const probe = this.model.read(check.faceDescriptor);
    if (!this.gallerySync.ready) {
      throw unavailable('The face templates are still being loaded; try again shortly');
    }
    const position = positionOf(check);
    const photo = await this.storage.readPhoto(check);
    const matched = await this.faces.match(check, probe, position);
    return matched.status === 'MATCHED' ? this.punches.record(check, photo, matched) : matched;
  }
}

/** @throws RollcallError BAD_USER_INPUT for half a position */
function positionOf({ latitude, longitude }: Check): Position | null {
  if (latitude == null && longitude == null) return null;
  if (latitude == null || longitude == null) {
    throw badInput(
      latitude == null ? 'latitude' : 'longitude',
      'latitude and longitude come together or not at all',
    );
  }
  return { latitude, longitude };
}
