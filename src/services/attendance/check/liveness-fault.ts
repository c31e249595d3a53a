/** Why the photos of a check do not show that a person moved as they were asked to. */
export enum LivenessFault {
  /** A photo does not show its action. */
  ACTION_NOT_SHOWN = 'ACTION_NOT_SHOWN',
  /** A photo shows no face that can be made out. */
  FACE_NOT_USABLE = 'FACE_NOT_USABLE',
  /** A photo shows somebody else than the check's own. */
  ANOTHER_PERSON = 'ANOTHER_PERSON',
  /** Two of the photos are one and the same picture. */
  SAME_PICTURE = 'SAME_PICTURE',
  /** Two of the photos are one picture, altered: the face moves, what surrounds it does not. */
  NOT_SEPARATE = 'NOT_SEPARATE',
}

export const LIVENESS_TEXTS: Readonly<Record<LivenessFault, string>> = {
  ACTION_NOT_SHOWN: 'A photo does not show the requested action',
  FACE_NOT_USABLE: 'No usable face in a photo',
  ANOTHER_PERSON: 'The photos show different people',
  SAME_PICTURE: 'Two photos are identical',
  NOT_SEPARATE: 'Two photos are alterations of one picture',
};
