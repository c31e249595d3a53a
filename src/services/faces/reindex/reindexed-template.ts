import { type FaceTemplate, TemplateSource } from '../../../entities/face-template.entity';
import { encodeTemplate, type Descriptor } from '../engine/descriptor';
import type { FaceModelPair } from '../engine/face-model-ids';

type Vectors = Pick<
  FaceTemplate,
  'source' | 'modelId' | 'dimension' | 'vector' | 'plainModelId' | 'plainDimension' | 'plainVector'
>;

/**
 * The vectors of a template with a new one of the server's model. A client's vector stays, or one that can be compared
 * with a client's. A vector of an earlier model of the server goes: nothing computes its like any more.
 * @param template with its vectors decrypted
 */
export function withServerVector(
  template: Vectors,
  vector: Descriptor,
  { client, server }: FaceModelPair,
): Omit<Vectors, 'source'> {
  const { modelId, dimension, vector: first, plainModelId, plainDimension, plainVector } = template;
  const bytes = encodeTemplate(vector);
  if (template.source === TemplateSource.CLIENT) {
    return {
      ...{ modelId, dimension, vector: first },
      ...{ plainModelId: server.id, plainDimension: server.dimension, plainVector: bytes },
    };
  }
  const ofServer = { modelId: server.id, dimension: server.dimension, vector: bytes };
  // Earlier versions computed what clients compute as well.
  const isLikeClients = modelId === client.id && dimension === client.dimension;
  return isLikeClients
    ? { ...ofServer, plainModelId: modelId, plainDimension: dimension, plainVector: first }
    : { ...ofServer, plainModelId, plainDimension, plainVector };
}
