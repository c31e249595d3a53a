import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { FaceFault, LivenessAction } from '@rollcall/face-rules';
import { LivenessFault } from '../../services/attendance/check/liveness-fault';
import { ChallengeRefusal } from '../../services/attendance/check/challenge-refusal';
import { CheckAttendanceResult } from './check-attendance-result';

registerEnumType(FaceFault, {
  name: 'FaceFault',
  description: 'Why the face on a photo cannot be used.',
  valuesConfig: {
    NO_FACE: { description: 'No face was found.' },
    SEVERAL_FACES: { description: 'Another face is more than half as large as the largest one.' },
    TOO_SMALL: { description: 'The face is smaller than 80 pixels.' },
    TOO_DARK: { description: 'There is too little light on the face.' },
    TOO_BRIGHT: { description: 'There is too much light on the face.' },
    BLURRED: { description: 'The face is out of focus or moved.' },
    TURNED_AWAY: { description: 'The person does not look into the camera.' },
    CUT_OFF: { description: 'A part of the face is outside of the photo.' },
  },
});

@ObjectType({
  implements: CheckAttendanceResult,
  description: 'The photo shows no face that can be described; nothing was compared.',
})
export class FaceNotUsable extends CheckAttendanceResult {
  @Field(() => FaceFault, { description: 'What is wrong with it.' })
  reason!: FaceFault;

  @Field(() => String, { description: 'What the person in front of the camera can do about it.' })
  hint!: string;
}

registerEnumType(ChallengeRefusal, {
  name: 'ChallengeRefusal',
  description: 'Why a challenge does not do.',
  valuesConfig: {
    MISSING: { description: 'None was sent, and one is required.' },
    UNKNOWN: { description: 'This service made no such challenge.' },
    EXPIRED: { description: 'Its two minutes are over.' },
    USED: { description: 'Another check used it; each is good for one.' },
    FOREIGN: { description: 'It was made for another caller, office or employee.' },
    WITHOUT_LIVENESS: { description: 'It asks for no actions, and they are required.' },
  },
});

@ObjectType({
  implements: CheckAttendanceResult,
  description: 'The challenge does not do; make another one with createChallenge.',
})
export class ChallengeRefused extends CheckAttendanceResult {
  @Field(() => ChallengeRefusal, { description: 'Why not.' })
  reason!: ChallengeRefusal;
}

registerEnumType(LivenessFault, {
  name: 'LivenessFault',
  description: 'Why the photos of a check do not show a person who moved as they were asked to.',
  valuesConfig: {
    ACTION_NOT_SHOWN: { description: 'A photo does not show its action.' },
    FACE_NOT_USABLE: { description: 'A photo shows no face that can be described.' },
    ANOTHER_PERSON: { description: 'A photo shows somebody else.' },
    SAME_PICTURE: { description: 'Two of the photos are one and the same picture.' },
  },
});

@ObjectType({
  implements: CheckAttendanceResult,
  description: 'The photos do not show what the challenge asked for; it is used up. Make another one.',
})
export class LivenessFailed extends CheckAttendanceResult {
  @Field(() => LivenessFault, { description: 'What is wrong.' })
  reason!: LivenessFault;

  @Field(() => LivenessAction, {
    nullable: true,
    description: "The action whose photo is at fault; null: the check's own photo, or all of them.",
  })
  action!: LivenessAction | null;

  @Field(() => FaceFault, { nullable: true, description: 'Where no face can be described: why not.' })
  faceReason!: FaceFault | null;

  @Field(() => String, { nullable: true, description: 'And what the person can do about it.' })
  hint!: string | null;
}
