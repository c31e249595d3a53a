import {
  type DescribedFace,
  type FaceAnalysis,
  type FaceFault,
  judgeFace,
  SERVER_BOUNDS,
} from '@rollcall/face-rules';
import { badInput, RollcallError } from '../../../errors';
import type { Photo } from '../../photos/input/photo-reader';
import type { Descriptor } from './descriptor';
import type { DescriptorModel } from './descriptor-model';
import { type FaceEngine, UnreadablePicture } from './face-engine';
import type { FaceProbe } from './face-probe';
import type { RecognizerManifest } from './recognizer-manifest';
import type { DescriptorTrust } from './trust';

/**
 * What a photo is for: a template; a check; a check with a challenge, whose photos are compared with each other (`front`);
 * an action of a challenge, in which the head is turned on purpose; or a template of another model, for which a photo that
 * was good enough before is used.
 */
export type PhotoPurpose = 'enrolment' | 'check' | 'front' | 'action' | 'reindex';

/** What a photo looks like to the server. */
export interface PhotoLook {
  readonly embedding: Descriptor;
  readonly pictureHash: Uint8Array;
}

/** What a photo and the descriptor beside it are worth. */
export type FaceReading =
  | {
      readonly kind: 'FACE';
      readonly probe: FaceProbe;
      /** The photo, proven. */
      readonly photo: Photo;
      /** null if the client's descriptor decides: the photo was not looked at. */
      readonly face: DescribedFace | null;
      /** What copies of the photo are recognised by; null: it was not looked at, or copies are allowed. */
      readonly look: PhotoLook | null;
    }
  | { readonly kind: 'NOT_USABLE'; readonly fault: FaceFault };

interface FaceReaderOptions {
  /** null: turned off. */
  readonly engine: FaceEngine | null;
  /** Of the client's descriptors. */
  readonly model: DescriptorModel;
  readonly trust: DescriptorTrust;
  /** Minimum clarity of a face. */
  readonly minLength: RecognizerManifest['minLength'];
  /** Has a decoder go through a photo, and mends it if that is needed. */
  readonly prove: (photo: Photo) => Promise<Photo>;
}

/** Makes probes of photos and descriptors, according to FACE_DESCRIPTOR_TRUST. */
export class FaceReader {
  constructor(private readonly options: FaceReaderOptions) {}

  /**
   * Gets ready for a photo with this descriptor, which `sent` has read: the models load while the photo is read, if they
   * are not loaded yet.
   * @returns whether the photo is looked at: then it need not be proven before
   */
  prepare(descriptor: Descriptor | null): boolean {
    const { engine, trust } = this.options;
    if (engine === null || (descriptor !== null && trust === 'client')) return false;
    engine.prepare();
    return true;
  }

  /** Whether the server looks at photos at all. */
  get seesPhotos(): boolean {
    return this.options.engine !== null;
  }

  /**
   * Reads a descriptor as it was sent, before anything costly is done.
   * @returns null if the server's is to decide
   * @throws RollcallError BAD_USER_INPUT; also if one is needed, since the server computes none
   */
  sent(value: unknown): Descriptor | null {
    const { trust, model, engine } = this.options;
    if (trust === 'server') return null;
    if (value !== undefined && value !== null) return model.read(value);
    if (engine !== null) return null;
    throw badInput('faceDescriptor', 'required: this server does not compute descriptors from photos');
  }

  /**
   * The face of a photo that shows one person from the front.
   * @param descriptor what `sent` made of the client's
   * @throws RollcallError UNAVAILABLE while the engine is overloaded; BAD_USER_INPUT if it cannot be decoded
   */
  async read(
    photo: Photo,
    descriptor: Descriptor | null,
    purpose: 'enrolment' | 'check' | 'front',
  ): Promise<FaceReading> {
    if (descriptor !== null && this.options.trust === 'client') {
      return { kind: 'FACE', probe: { client: descriptor, server: null }, photo, face: null, look: null };
    }
    const reading = await this.look(photo, purpose);
    if (reading.kind !== 'FACE') return reading;
    return { ...reading, probe: { ...reading.probe, client: descriptor } };
  }

  /**
   * The face of a photo by the server's own eyes.
   * @throws RollcallError UNAVAILABLE
   */
  async look(photo: Photo, purpose: PhotoPurpose) {
    const seen = await this.analyse(photo, purpose === 'front' || purpose === 'action');
    const judged = judgeFace(seen.analysis, {
      pose: purpose === 'action' || purpose === 'reindex' ? 'any' : 'frontal',
      bounds: SERVER_BOUNDS,
      minClarity: this.minClarity(purpose),
    });
    if (!judged.usable) return { kind: 'NOT_USABLE', fault: judged.fault } as const;
    const { face } = judged;
    const probe: FaceProbe = { client: null, server: face.embedding };
    const { pictureHash } = seen.analysis;
    const look = pictureHash === undefined ? null : { embedding: face.embedding, pictureHash };
    return { kind: 'FACE', probe, photo: seen.photo, face, look } as const;
  }

  /**
   * What copies of a photo are recognised by, even if the client's descriptor has decided.
   * @returns null: copies are allowed, or the photo shows no face
   * @throws RollcallError UNAVAILABLE
   */
  async lookOf(photo: Photo, { look }: Extract<FaceReading, { kind: 'FACE' }>): Promise<PhotoLook | null> {
    if (look !== null || this.options.engine?.hashesPictures !== true) return look;
    const reading = await this.look(photo, 'reindex');
    return reading.kind === 'FACE' ? reading.look : null;
  }

  /**
   * The server's vector of a photo beside which the client's descriptor decides, so that the person is known without
   * one too. An enrolment does not depend on it.
   * @returns null: the photo shows no usable face, or the engine is off or busy
   */
  async glimpse(photo: Photo): Promise<Descriptor | null> {
    if (this.options.engine === null) return null;
    try {
      const reading = await this.look(photo, 'enrolment');
      return reading.kind === 'FACE' ? reading.face.embedding : null;
    } catch (error) {
      if (error instanceof RollcallError) return null;
      throw error;
    }
  }

  private minClarity(purpose: PhotoPurpose): number {
    if (purpose === 'action') return 0;
    return this.options.minLength?.[purpose === 'enrolment' ? 'enrolment' : 'check'] ?? 0;
  }

  /** @returns the photo as it can be kept, and what is seen on it */
  private async analyse(
    photo: Photo,
    surroundings: boolean,
  ): Promise<{ readonly photo: Photo; readonly analysis: FaceAnalysis }> {
    const { engine, prove } = this.options;
    if (engine === null) throw new Error('Photos are only analysed if FACE_WORKERS is not 0');
    try {
      const analysis = await engine.analyse(photo.jpeg, { proven: photo.proven, surroundings });
      return { photo: { ...photo, proven: true }, analysis };
    } catch (error) {
      if (!(error instanceof UnreadablePicture)) throw error;
      // Cameras write files that decoders warn about: those are mended, and looked at once more.
      if (!photo.proven) return this.analyse(await prove(photo), surroundings);
      // The photo's own check decodes a clean JPEG at a smaller size, where damage at its very end does not show.
      throw badInput(photo.field, 'the photo is truncated or corrupt');
    }
  }
}
