import { FACE_API_DIMENSION } from '../engine/face-model-ids';
import { ENVELOPE_BYTES, open, seal } from '../../encryption/envelope';
import { NoKey, type KeyRing } from '../../encryption/key-ring';

/** Which template a vector is of; all of it is authenticated, so that a vector opens for its own person only. */
export interface TemplateIdentity {
  readonly id: string;
  /** The employee's row id. */
  readonly employeeId: string;
  readonly modelId: string;
}

/** The columns of face_templates with vectors. */
export type VectorColumn = 'vector' | 'plain_vector';

/** The encrypted columns of a template. */
interface Vectors {
  readonly vector: Buffer;
  readonly plainVector: Buffer | null;
}

/**
 * The vectors of templates, as they are stored: encrypted if there is a key. Rows from before there was one are
 * read as they are; which kind one is its length says, and the database checks that it has one of the two.
 */
export class TemplateVault {
  /** @param keys null: nothing is encrypted, and encrypted data cannot be read */
  constructor(private readonly keys: KeyRing | null) {}

  /** A template with its vectors in stored form. */
  sealed<T extends TemplateIdentity & Vectors>(template: T): T {
    const { vector, plainVector } = template;
    return {
      ...template,
      vector: this.seal(template, 'vector', vector),
      plainVector: plainVector && this.seal(template, 'plain_vector', plainVector),
    };
  }

  /** A stored template with its vectors as `encodeTemplate` made them. @throws EnvelopeBroken, UnknownKey, NoKey */
  opened<
    T extends TemplateIdentity &
      Vectors & { readonly dimension: number; readonly plainDimension: number | null },
  >(template: T): T {
    const { vector, plainVector, dimension, plainDimension } = template;
    return {
      ...template,
      vector: this.open(template, 'vector', vector, dimension),
      plainVector:
        plainVector && this.open(template, 'plain_vector', plainVector, plainDimension ?? FACE_API_DIMENSION),
    };
  }

  seal(template: TemplateIdentity, column: VectorColumn, vector: Buffer): Buffer {
    return this.keys === null ? vector : seal(this.keys, ownerOf(template, column), vector);
  }

  /**
   * @param dimension of the vector
   * @returns its Float32, as `encodeTemplate` made them
   * @throws EnvelopeBroken, UnknownKey, NoKey
   */
  open(template: TemplateIdentity, column: VectorColumn, stored: Buffer, dimension: number): Buffer {
    if (!isSealed(stored, dimension)) return stored;
    if (this.keys === null) throw new NoKey();
    return open(this.keys, ownerOf(template, column), stored);
  }
}

export const isSealed = (stored: Buffer, dimension: number): boolean =>
  stored.length === 4 * dimension + ENVELOPE_BYTES;

/** Whom and what a vector belongs to. None of the parts can hold a NUL. */
export const ownerOf = ({ id, employeeId, modelId }: TemplateIdentity, column: VectorColumn): Buffer =>
  Buffer.from(['face_templates', id, employeeId, modelId, column].join('\0'));
