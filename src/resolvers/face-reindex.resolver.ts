import { Field, Int, ObjectType, Query, Resolver } from 'type-graphql';
import type { FaceReindex, ReindexStatus } from '../services/faces/reindex/face-reindex';

@ObjectType({
  description:
    'Progress of computing face templates with the current model, from the enrolment photos. It starts by itself after a change of the model.',
})
class FaceReindexStatus implements ReindexStatus {
  @Field(() => String, { description: 'Id of the current model of the server.' })
  modelId!: string;

  @Field(() => Boolean, {
    description:
      'Whether all templates are computed. Until then, a search among all employees is UNAVAILABLE.',
  })
  complete!: boolean;

  @Field(() => Int, { description: 'Templates of active employees.' })
  total!: number;

  @Field(() => Int, { description: 'Templates that are not computed yet.' })
  pending!: number;

  @Field(() => Int, {
    description:
      'Templates that cannot be computed, because the photo is missing or shows no usable face. Enrol these employees again.',
  })
  failed!: number;
}

@Resolver()
export class FaceReindexResolver {
  constructor(private readonly reindex: FaceReindex) {}

  @Query(() => FaceReindexStatus, {
    description: 'Shows the progress of computing face templates with the current model.',
  })
  faceReindexStatus(): Promise<FaceReindexStatus> {
    return this.reindex.status();
  }
}
