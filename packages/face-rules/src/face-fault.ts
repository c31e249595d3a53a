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
}

/** For the person in front of the camera: what is wrong, and what to do about it. */
export const FACE_FAULT_TEXTS: Readonly<
  Record<FaceFault, { readonly message: string; readonly hint: string }>
> = {
  [FaceFault.NO_FACE]: {
    message: 'No face can be seen in the photo',
    hint: 'Look into the camera from the front, with nothing in front of your face.',
  },
  [FaceFault.SEVERAL_FACES]: {
    message: 'Several people are in the photo',
    hint: 'Step in front of the camera one at a time; others stand well behind.',
  },
  [FaceFault.TOO_SMALL]: {
    message: 'The face is too small in the photo',
    hint: 'Come closer to the camera.',
  },
  [FaceFault.TOO_DARK]: {
    message: 'The face is too dark',
    hint: 'Turn towards the light, or switch a light on; have no bright window behind you.',
  },
  [FaceFault.TOO_BRIGHT]: {
    message: 'The face is too bright',
    hint: 'Step out of the glaring light, or turn the lamp away.',
  },
  [FaceFault.BLURRED]: {
    message: 'The photo is blurred',
    hint: 'Hold still for a moment; if it stays blurred, wipe the lens of the camera.',
  },
  [FaceFault.TURNED_AWAY]: {
    message: 'The face is turned away',
    hint: 'Look straight into the camera and hold your head upright.',
  },
  [FaceFault.CUT_OFF]: {
    message: 'The face is cut off at the edge of the photo',
    hint: 'Move so that your whole face is in the middle of the photo.',
  },
};
