import { type FaceTemplate, TemplateSource } from '../../../entities/face-template.entity';
import { decodeTemplate } from '../engine/descriptor';
import {
  FACE_API_DIMENSION,
  FACE_API_MODEL_ID,
  type FaceModelPair,
  type VectorModel,
} from '../engine/face-model-ids';
import type { FaceProbe } from '../engine/face-probe';

type Vectors = Pick<
  FaceTemplate,
  'vector' | 'modelId' | 'dimension' | 'plainVector' | 'plainModelId' | 'plainDimension' | 'source'
>;

/** Templates as faces to look for; those that no gallery holds (another model's) are left out. */
export function probesOf(templates: readonly Vectors[], { client, server }: FaceModelPair): FaceProbe[] {
  return templates
    .map((template): FaceProbe => ({
      client: vectorOf(template, client),
      // As at enrolment: if the client's descriptor decided, the photo may show anybody.
      server: template.source === TemplateSource.CLIENT ? null : vectorOf(template, server),
    }))
    .filter((probe) => probe.client !== null || probe.server !== null);
}

function vectorOf(template: Vectors, { id, dimension }: VectorModel): Float64Array | null {
  if (template.modelId === id && template.dimension === dimension) return numbersOf(template.vector);
  const plainModel = template.plainModelId ?? FACE_API_MODEL_ID;
  if (plainModel === id && (template.plainDimension ?? FACE_API_DIMENSION) === dimension) {
    return template.plainVector && numbersOf(template.plainVector);
  }
  return null;
}

const numbersOf = (bytes: Buffer): Float64Array => Float64Array.from(decodeTemplate(bytes));
