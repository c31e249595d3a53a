import { Field, ObjectType } from 'type-graphql';
import { TemplateSource } from '../../entities/face-template.entity';

@ObjectType({ description: 'How a punch was proved, for whoever has to judge it later.' })
export class Proof {
  @Field(() => TemplateSource, {
    description: 'Who computed the descriptor that decided; MANUAL: nobody, a person vouches for the punch.',
  })
  descriptorSource!: TemplateSource;

  @Field(() => Boolean, { description: 'Whether the check redeemed a single-use challenge.' })
  challenge!: boolean;

  @Field(() => Boolean, { description: "Whether the person did what the challenge's actions asked for." })
  liveness!: boolean;

  @Field(() => Boolean, { description: 'Whether it was recorded by hand: no face was looked at.' })
  manual!: boolean;
}
