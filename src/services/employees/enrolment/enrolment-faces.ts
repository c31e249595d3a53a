import { FACE_FAULT_TEXTS } from '@rollcall/face-rules';
import { cosine } from '@rollcall/gallery';
import { type FaceTemplate } from '../../../entities/face-template.entity';
import { badInput, RollcallError } from '../../../errors';
import type { ConsentGiven } from '../consent';
import { ALIGNED_MODEL_ID } from '../../faces/engine/face-model-ids';
import type { FaceReader, FaceReading } from '../../faces/engine/face-reader';
import { encodeTemplate, type Descriptor } from '../../faces/engine/descriptor';
import type { DescriptorModel } from '../../faces/engine/descriptor-model';
import type { PhotosInput } from '../../photos/input/photo-input';
import type { Photo } from '../../photos/input/photo-reader';
import type { StorageService } from '../../photos/storage-service';

/** What somebody is enrolled with. */
export interface EnrolmentInput extends PhotosInput {
  /** As it was sent. */
  readonly faceDescriptor?: unknown;
  /** Enrol the face although another employee's matches it (twins). */
  readonly allowDuplicateFace?: boolean | undefined;
  /** The person's agreement that their face is used. */
  readonly consent?: ConsentGiven | null | undefined;
}

type Face = Extract<FaceReading, { kind: 'FACE' }>;

/** A photo with a usable face, and its descriptors. */
export interface EnrolledFace extends Pick<Face, 'probe' | 'source'> {
  readonly photo: Photo;
  /** The client's, and those of the photo as the server computed them: no proof of presence later. */
  readonly descriptors: readonly Descriptor[];
}

/** Makes faces of what an enrolment sends: up to five photos, or one and the descriptor that the client computed. */
export class EnrolmentFaces {
  constructor(
    private readonly storage: StorageService,
    private readonly reader: FaceReader,
    private readonly model: DescriptorModel,
    /**
     * Cosine that the photos of one person have at least. Below the threshold of a match: it is to find the photo of
     * somebody else, not the less good one. At 0.90, 2 % of strangers pass and 1 % of good photos do not.
     */
    private readonly samePersonMin: number,
  ) {}

  /**
   * Reads photos and descriptor, and proves that they show one person who can be recognised.
   * @returns at least one
   * @throws RollcallError BAD_USER_INPUT naming the field, with a `reason` where the face is not usable; UNAVAILABLE
   */
  async read(input: EnrolmentInput): Promise<readonly EnrolledFace[]> {
    const several = input.images != null || input.imagesBase64 != null;
    if (several && input.faceDescriptor != null) {
      throw badInput(
        'faceDescriptor',
        'only allowed with one photo; for several photos the server computes the descriptors',
      );
    }
    const descriptor = this.reader.sent(input.faceDescriptor);
    const { imageBase64, image, imagesBase64, images } = input;
    const photos = await this.storage.readPhotos({ imageBase64, image, imagesBase64, images });
    const faces: EnrolledFace[] = [];
    // One after the other: many enrolments may share few workers, and after a refusal the rest is not needed.
    for (const [i, photo] of photos.entries()) faces.push(await this.faceOf(photo, i, descriptor));
    requireOnePerson(faces, this.samePersonMin);
    return faces;
  }

  /** The columns of a face's template that come from its descriptor. */
  vectorsOf({
    probe,
    source,
  }: EnrolledFace): Pick<FaceTemplate, 'vector' | 'plainVector' | 'dimension' | 'modelId' | 'source'> {
    const { plain, aligned } = probe;
    const decisive = aligned ?? plain;
    if (decisive === null) throw new Error('A face has no descriptor');
    return {
      vector: encodeTemplate(decisive),
      plainVector: aligned === null || plain === null ? null : encodeTemplate(plain),
      dimension: decisive.length,
      modelId: aligned === null ? this.model.id : ALIGNED_MODEL_ID,
      source,
    };
  }

  private async faceOf(photo: Photo, index: number, descriptor: Descriptor | null): Promise<EnrolledFace> {
    const reading = await this.reader.read(photo, descriptor);
    switch (reading.kind) {
      case 'FACE':
        return {
          photo,
          probe: reading.probe,
          source: reading.source,
          descriptors: [descriptor, reading.face?.plain ?? null].filter((each) => each !== null),
        };
      case 'NOT_USABLE': {
        const { message, hint } = FACE_FAULT_TEXTS[reading.fault];
        throw new RollcallError('BAD_USER_INPUT', `${photo.field}: ${message}. ${hint}`, {
          field: photo.field,
          reason: reading.fault,
          hint,
          photo: index + 1,
        });
      }
      case 'MISMATCH':
        throw new RollcallError(
          'BAD_USER_INPUT',
          'faceDescriptor: does not belong to the photo; send the descriptor of this photo, or none',
          { field: 'faceDescriptor', reason: 'DESCRIPTOR_MISMATCH', similarity: reading.similarity },
        );
    }
  }
}

/** @throws RollcallError BAD_USER_INPUT naming the photo that agrees least with the others, by its number from 1 */
function requireOnePerson(faces: readonly EnrolledFace[], samePersonMin: number): void {
  const vectors = faces.map(({ probe }) => probe.aligned);
  const similarities = vectors.map((a, i) =>
    vectors.flatMap((b, j) => (i === j || a === null || b === null ? [] : [cosine(a, b)])),
  );
  const lowest = similarities.map((each) => Math.min(...each));
  // Written so that a NaN fails too.
  if (lowest.every((similarity) => similarity >= samePersonMin)) return;
  const means = similarities.map((each) => each.reduce((sum, x) => sum + x, 0) / each.length);
  const odd = means.indexOf(Math.min(...means));
  const { field } = (faces[odd] as EnrolledFace).photo;
  // Of two nobody can tell which one is wrong.
  const which =
    faces.length === 2
      ? 'photos 1 and 2 show different people'
      : `photo ${odd + 1} does not match the others`;
  throw new RollcallError(
    'BAD_USER_INPUT',
    `${field}: ${which} (similarity ${(lowest[odd] as number).toFixed(3)}, minimum ${samePersonMin}); all photos must show the same person`,
    { field, photo: odd + 1, similarity: lowest[odd], threshold: samePersonMin },
  );
}
