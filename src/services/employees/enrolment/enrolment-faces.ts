import { FACE_FAULT_TEXTS } from '@rollcall/face-rules';
import { cosine } from '@rollcall/gallery';
import { type FaceTemplate, TemplateSource } from '../../../entities/face-template.entity';
import { badInput, RollcallError } from '../../../errors';
import type { ConsentGiven } from '../consent';
import { encodeTemplate, type Descriptor } from '../../faces/engine/descriptor';
import type { FaceModelPair, VectorModel } from '../../faces/engine/face-model-ids';
import type { FaceProbe } from '../../faces/engine/face-probe';
import type { FaceReader } from '../../faces/engine/face-reader';
import type { Thresholds } from '../../faces/matching/thresholds';
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

/** A vector, and the model that made it. */
interface OwnedVector {
  readonly model: VectorModel;
  readonly vector: Descriptor;
}

/** A photo with a usable face, and its descriptors. */
export interface EnrolledFace {
  readonly photo: Photo;
  /** What it is compared by with what is enrolled. */
  readonly probe: FaceProbe;
  readonly source: TemplateSource;
  /** What is kept: the vector that decides, and that of the other model, if there is one. */
  readonly vectors: readonly [OwnedVector, ...OwnedVector[]];
}

/** Makes faces of what an enrolment sends: up to five photos, or one and the descriptor that the client computed. */
export class EnrolmentFaces {
  constructor(
    private readonly storage: StorageService,
    private readonly reader: FaceReader,
    private readonly models: FaceModelPair,
    private readonly thresholds: Thresholds,
  ) {}

  /**
   * Reads photos and descriptor, and proves that they show one person who can be recognised.
   * @returns at least one
   * @throws RollcallError BAD_USER_INPUT naming the field, with a `reason` if the face is not usable; UNAVAILABLE
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
    const photos = await this.storage.readPhotos(
      { imageBase64, image, imagesBase64, images },
      !this.reader.prepare(descriptor),
    );
    const faces: EnrolledFace[] = [];
    // One after the other: many enrolments may share few workers, and after a refusal the rest is not needed.
    for (const [i, photo] of photos.entries()) faces.push(await this.faceOf(photo, i, descriptor));
    requireOnePerson(faces, this.thresholds.server.samePerson);
    return faces;
  }

  private async faceOf(photo: Photo, index: number, descriptor: Descriptor | null): Promise<EnrolledFace> {
    const reading = await this.reader.read(photo, descriptor, 'enrolment');
    if (reading.kind === 'FACE') return this.enrolled(reading.photo, reading.probe);
    const { message, hint } = FACE_FAULT_TEXTS[reading.fault];
    throw new RollcallError('BAD_USER_INPUT', `${photo.field}: ${message}. ${hint}`, {
      field: photo.field,
      reason: reading.fault,
      hint,
      photo: index + 1,
    });
  }

  private async enrolled(photo: Photo, probe: FaceProbe): Promise<EnrolledFace> {
    const { client, server } = this.models;
    const sent = probe.client && { model: client, vector: probe.client };
    if (probe.server !== null) {
      const seen = { model: server, vector: probe.server };
      return { photo, probe, source: TemplateSource.SERVER, vectors: sent === null ? [seen] : [seen, sent] };
    }
    if (sent === null) throw new Error('A face has no descriptor');
    const glimpse = await this.reader.glimpse(photo);
    const seen = glimpse && { model: server, vector: glimpse };
    return { photo, probe, source: TemplateSource.CLIENT, vectors: seen === null ? [sent] : [sent, seen] };
  }
}

type VectorColumns = Pick<
  FaceTemplate,
  'vector' | 'modelId' | 'dimension' | 'plainVector' | 'plainModelId' | 'plainDimension' | 'source'
>;

/** The columns of a face's template that come from its descriptors. */
export function vectorColumns({ vectors: [first, second], source }: EnrolledFace): VectorColumns {
  return {
    vector: encodeTemplate(first.vector),
    modelId: first.model.id,
    dimension: first.model.dimension,
    plainVector: second === undefined ? null : encodeTemplate(second.vector),
    plainModelId: second?.model.id ?? null,
    plainDimension: second?.model.dimension ?? null,
    source,
  };
}

/** @throws RollcallError BAD_USER_INPUT naming the photo that agrees least with the others, by its number from 1 */
function requireOnePerson(faces: readonly EnrolledFace[], samePersonMin: number): void {
  const vectors = faces.map(({ probe }) => probe.server);
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
