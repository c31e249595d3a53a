/** What a person in front of the camera can be asked to do, to show that it is not a picture of them. */
export enum LivenessAction {
  TURN_LEFT = 'TURN_LEFT',
  TURN_RIGHT = 'TURN_RIGHT',
  LOOK_UP = 'LOOK_UP',
  OPEN_MOUTH = 'OPEN_MOUTH',
}
