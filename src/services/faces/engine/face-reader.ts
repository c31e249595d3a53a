import { type DescribedFace, type FaceAnalysis, type FaceFault, judgeFace } from '@rollcall/face-rules';
import { cosine } from '@rollcall/gallery';
import { TemplateSource } from '../../../entities/face-template.entity';
import { badInput } from '../../../errors';
import type { Descriptor } from './descriptor';
import type { DescriptorModel } from './descriptor-model';
import type { FaceProbe } from './face-probe';
import type { Photo } from '../../photos/input/photo-reader';
import { type FaceEngine, UnreadablePicture } from './face-engine';
import { FACE_DIMENSION, PLAIN_MODEL_ID } from './face-model-ids';

/**
 * Whose descriptor decides (FACE_DESCRIPTOR_TRUST): the client's, with the photo as evidence; the server's, with which
 * the client's has to agree; or the server's alone. A descriptor that is left out is computed in each.
 */
type DescriptorTrust = 'client' | 'verify' | 'server';

/**
 * Cosine that the client's and the server's descriptor of one photo have at least. The same library, over whatever
 * detector and size, gives .954 in 5 % and .997 in the median; described as docs/design/accuracy.md says, 1.0.
 */
const AGREEMENT_MIN = 0.97;

/** A photo, and the field that it came in. */
type ReadablePhoto = Pick<Photo, 'jpeg' | 'field'>;

/** What a photo and the descriptor beside it are worth. */
export type FaceReading =
  | {
      readonly kind: 'FACE';
      readonly probe: FaceProbe;
      readonly source: TemplateSource;
      /** null where the client's descriptor decides: the photo was not looked at. */
      readonly face: DescribedFace | null;
    }
  | { readonly kind: 'NOT_USABLE'; readonly fault: FaceFault }
  /** The descriptor that was sent is not that of the photo: how far the two agree. */
  | { readonly kind: 'MISMATCH'; readonly similarity: number };

/** Makes probes of photos and descriptors, according to whom the installation trusts. */
export class FaceReader {
  /** Whether clients' descriptors can be compared with what the server computes in the plain way. */
  private readonly plainIsComparable: boolean;

  /** @param engine null: turned off */
  constructor(
    private readonly engine: FaceEngine | null,
    private readonly model: DescriptorModel,
    private readonly trust: DescriptorTrust,
  ) {
    this.plainIsComparable = model.id === PLAIN_MODEL_ID && model.dimension === FACE_DIMENSION;
  }

  /** Whether the person of a check can be asked to move: their photos can be looked at and compared with everybody's. */
  get canProveLiveness(): boolean {
    return this.engine !== null && (this.plainIsComparable || this.trust !== 'client');
  }

  /**
   * Reads a descriptor as it was sent, before anything costly is done.
   * @returns null where the server's is to decide
   * @throws RollcallError BAD_USER_INPUT; also where one is needed, since the server computes none
   */
  sent(value: unknown): Descriptor | null {
    if (this.trust === 'server') return null;
    if (value !== undefined && value !== null) return this.model.read(value);
    if (this.engine !== null) return null;
    throw badInput('faceDescriptor', 'required: this server does not compute descriptors from photos');
  }

  /**
   * The face of a photo that shows one person from the front.
   * @param descriptor what `sent` made of the client's
   * @throws RollcallError UNAVAILABLE while the engine is overloaded; BAD_USER_INPUT where it cannot be decoded
   */
  async read(photo: ReadablePhoto, descriptor: Descriptor | null): Promise<FaceReading> {
    if (descriptor !== null && this.trust === 'client') {
      const probe = { plain: descriptor, aligned: null };
      return { kind: 'FACE', probe, source: TemplateSource.CLIENT, face: null };
    }
    const reading = await this.look(photo, 'frontal');
    if (reading.kind !== 'FACE' || descriptor === null) return reading;
    const similarity = cosine(descriptor, reading.face.plain);
    // Written so that a NaN fails too.
    return similarity >= AGREEMENT_MIN ? reading : { kind: 'MISMATCH', similarity };
  }

  /**
   * The face of a photo by the server's own eyes.
   * @param pose whether the person has to look into the camera
   * @throws RollcallError UNAVAILABLE
   */
  async look(photo: ReadablePhoto, pose: 'frontal' | 'any') {
    const judged = judgeFace(await this.analyse(photo), pose);
    if (!judged.usable) return { kind: 'NOT_USABLE', fault: judged.fault } as const;
    const { face } = judged;
    const probe: FaceProbe = { plain: this.plainIsComparable ? face.plain : null, aligned: face.aligned };
    return { kind: 'FACE', probe, source: TemplateSource.SERVER, face } as const;
  }

  private async analyse({ jpeg, field }: ReadablePhoto): Promise<FaceAnalysis> {
    if (this.engine === null) throw new Error('Photos are only analysed if FACE_WORKERS is not 0');
    try {
      return await this.engine.analyse(jpeg);
    } catch (error) {
      // The photo's own check decodes a clean JPEG at a smaller size, where damage at its very end does not show.
      if (error instanceof UnreadablePicture) throw badInput(field, 'the photo is truncated or corrupt');
      throw error;
    }
  }
}
