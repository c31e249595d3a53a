import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { FaceFault, LivenessAction } from '@rollcall/face-rules';
import { LivenessFault } from '../../services/attendance/check/liveness-fault';
import { ChallengeRefusal } from '../../services/attendance/check/challenge-refusal';
import { CheckAttendanceResult } from './check-attendance-result';

registerEnumType(FaceFault, {
  name: 'FaceFault',
  description: 'Why a face in a photo is not usable.',
  valuesConfig: {
    NO_FACE: { description: 'No face was found.' },
    SEVERAL_FACES: { description: 'Another face is more than half as large as the largest one.' },
    TOO_SMALL: { description: 'The face is smaller than 80 pixels.' },
    TOO_DARK: { description: 'Too little light on the face.' },
    TOO_BRIGHT: { description: 'Too much light on the face.' },
    BLURRED: { description: 'The face is out of focus or moving.' },
    TURNED_AWAY: { description: 'The person does not look into the camera.' },
    CUT_OFF: { description: 'Part of the face is outside the photo.' },
    UNCLEAR: { description: 'The face is covered, turned or not sharp enough to be recognised reliably.' },
  },
});

@ObjectType({
  implements: CheckAttendanceResult,
  description: 'No usable face in the photo. Nothing was compared.',
})
export class FaceNotUsable extends CheckAttendanceResult {
  @Field(() => FaceFault, { description: 'What is wrong with the photo.' })
  reason!: FaceFault;

  @Field(() => String, { description: 'What the person in front of the camera can do.' })
  hint!: string;
}

registerEnumType(ChallengeRefusal, {
  name: 'ChallengeRefusal',
  description: 'Why the challenge was rejected.',
  valuesConfig: {
    MISSING: { description: 'A challenge is required, and none was sent.' },
    UNKNOWN: { description: 'The token is unknown to this service.' },
    EXPIRED: { description: 'The challenge is older than two minutes.' },
    USED: { description: 'Another check has used the challenge. Each works once.' },
    FOREIGN: { description: 'The challenge was made for another requester, office or employee.' },
    WITHOUT_LIVENESS: { description: 'The challenge asks for no actions, but actions are required.' },
  },
});

@ObjectType({
  implements: CheckAttendanceResult,
  description: 'The challenge was rejected. Create another one with createChallenge.',
})
export class ChallengeRefused extends CheckAttendanceResult {
  @Field(() => ChallengeRefusal, { description: 'Why the challenge was rejected.' })
  reason!: ChallengeRefusal;
}

registerEnumType(LivenessFault, {
  name: 'LivenessFault',
  description: 'Why the liveness check failed.',
  valuesConfig: {
    ACTION_NOT_SHOWN: { description: 'A photo does not show its action.' },
    FACE_NOT_USABLE: { description: 'No usable face in one of the photos.' },
    ANOTHER_PERSON: { description: 'A photo shows another person.' },
    SAME_PICTURE: { description: 'Two photos are identical.' },
    NOT_SEPARATE: {
      description:
        'Two photos are alterations of one picture: the face moves, but the picture around it does not.',
    },
  },
});

@ObjectType({
  implements: CheckAttendanceResult,
  description:
    'The photos do not show the actions that the challenge asks for. The challenge is used up; create another one.',
})
export class LivenessFailed extends CheckAttendanceResult {
  @Field(() => LivenessFault, { description: 'Why the liveness check failed.' })
  reason!: LivenessFault;

  @Field(() => LivenessAction, {
    nullable: true,
    description: "The action whose photo failed. Null if the check's own photo failed, or all photos.",
  })
  action!: LivenessAction | null;

  @Field(() => FaceFault, {
    nullable: true,
    description: 'Why the face is not usable. Null if `reason` is not FACE_NOT_USABLE.',
  })
  faceReason!: FaceFault | null;

  @Field(() => String, {
    nullable: true,
    description: 'What the person can do. Null if `reason` is not FACE_NOT_USABLE.',
  })
  hint!: string | null;
}
