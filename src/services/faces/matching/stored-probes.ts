import type { FaceTemplate } from '../../../entities/face-template.entity';
import { ALIGNED_MODEL_ID, FACE_DIMENSION, PLAIN_MODEL_ID } from '../engine/face-model-ids';
import { decodeTemplate } from '../engine/descriptor';
import type { DescriptorModel } from '../engine/descriptor-model';
import type { FaceProbe } from '../engine/face-probe';

type Vectors = Pick<FaceTemplate, 'vector' | 'plainVector' | 'modelId' | 'dimension'>;

/** Templates as faces to look for; those that no gallery holds (another model's) are left out. */
export function probesOf(templates: readonly Vectors[], model: DescriptorModel): FaceProbe[] {
  return templates
    .map(({ vector, plainVector, modelId, dimension }): FaceProbe => {
      const aligned = modelId === ALIGNED_MODEL_ID && dimension === FACE_DIMENSION ? vector : null;
      // A template that the server computed has its plain vector beside the aligned one.
      const ofServer = model.id === PLAIN_MODEL_ID && model.dimension === FACE_DIMENSION ? plainVector : null;
      const plain = modelId === model.id && dimension === model.dimension ? vector : ofServer;
      return { plain: descriptorOf(plain), aligned: descriptorOf(aligned) };
    })
    .filter(({ plain, aligned }) => plain !== null || aligned !== null);
}

const descriptorOf = (bytes: Buffer | null): Float64Array | null =>
  bytes === null ? null : Float64Array.from(decodeTemplate(bytes));
