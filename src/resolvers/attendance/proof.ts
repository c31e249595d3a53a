import { Field, ObjectType } from 'type-graphql';
import { TemplateSource } from '../../entities/face-template.entity';

@ObjectType({ description: 'How a punch was verified.' })
export class Proof {
  @Field(() => TemplateSource, {
    description: 'Who computed the descriptor that was compared. MANUAL if no face was compared.',
  })
  descriptorSource!: TemplateSource;

  @Field(() => Boolean, { description: 'Whether the check used a challenge.' })
  challenge!: boolean;

  @Field(() => Boolean, { description: 'Whether the check passed a liveness check.' })
  liveness!: boolean;

  @Field(() => Boolean, {
    description: 'Whether the punch was recorded manually, without a face comparison.',
  })
  manual!: boolean;
}
