/** Why a photo does not serve to recognise somebody by. */
export enum FaceFault {
  NO_FACE = 'NO_FACE',
  SEVERAL_FACES = 'SEVERAL_FACES',
  TOO_SMALL = 'TOO_SMALL',
  TOO_DARK = 'TOO_DARK',
  TOO_BRIGHT = 'TOO_BRIGHT',
  BLURRED = 'BLURRED',
  TURNED_AWAY = 'TURNED_AWAY',
  CUT_OFF = 'CUT_OFF',
  UNCLEAR = 'UNCLEAR',
}

/** For the person in front of the camera: what is wrong, and what to do about it. */
export const FACE_FAULT_TEXTS: Readonly<
  Record<FaceFault, { readonly message: string; readonly hint: string }>
> = {
  [FaceFault.NO_FACE]: {
    message: 'No face found in the photo',
    hint: 'Look straight into the camera. Keep your face uncovered.',
  },
  [FaceFault.SEVERAL_FACES]: {
    message: 'Several people are in the photo',
    hint: 'Step in front of the camera one at a time. Others keep their distance.',
  },
  [FaceFault.TOO_SMALL]: {
    message: 'The face is too small in the photo',
    hint: 'Come closer to the camera.',
  },
  [FaceFault.TOO_DARK]: {
    message: 'The face is too dark',
    hint: 'Turn towards the light, or switch on a light. Do not stand in front of a bright window.',
  },
  [FaceFault.TOO_BRIGHT]: {
    message: 'The face is too bright',
    hint: 'Move out of the bright light, or turn the lamp away.',
  },
  [FaceFault.BLURRED]: {
    message: 'The photo is blurred',
    hint: 'Hold still for a moment. If the photo stays blurred, clean the camera lens.',
  },
  [FaceFault.TURNED_AWAY]: {
    message: 'The face is turned away',
    hint: 'Look straight into the camera. Hold your head upright.',
  },
  [FaceFault.CUT_OFF]: {
    message: 'The face is cut off at the edge of the photo',
    hint: 'Move until your whole face is in the middle of the photo.',
  },
  [FaceFault.UNCLEAR]: {
    message: 'The face is not clear enough',
    hint: 'Face the camera. Take off sunglasses. Keep hands, mask and hair away from your face.',
  },
};
