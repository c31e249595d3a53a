import { Field, ObjectType, registerEnumType } from 'type-graphql';
import type { Attendance } from '../../entities/attendance.entity';
import { TemplateSource } from '../../entities/face-template.entity';

export enum PlaceProof {
  FIXED = 'FIXED',
  CLAIMED = 'CLAIMED',
  NONE = 'NONE',
}

registerEnumType(PlaceProof, {
  name: 'PlaceProof',
  description: 'What the place of a punch rests on.',
  valuesConfig: {
    FIXED: { description: 'A kiosk that stays at its office sent the punch (`ApiKey.device` FIXED).' },
    CLAIMED: { description: 'The position that a mobile device sent. Nothing proves it.' },
    NONE: { description: 'The punch has no position.' },
  },
});

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

  @Field(() => PlaceProof, { description: 'What the place of the punch rests on.' })
  place!: PlaceProof;
}

/** What the place of a punch rests on. */
export function placeProofOf({
  fixedDevice,
  latitude,
}: Pick<Attendance, 'fixedDevice' | 'latitude'>): PlaceProof {
  if (fixedDevice) return PlaceProof.FIXED;
  return latitude === null ? PlaceProof.NONE : PlaceProof.CLAIMED;
}
