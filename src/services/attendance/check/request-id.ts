import { conflict, type RollcallError } from '../../../errors';

/** The requestId's punch is not the one that is asked for. */
export const otherPunch = (): RollcallError =>
  conflict('requestId', 'This requestId belongs to another punch of the employee; use a new one');

/** A requestId names one punch, whoever's and however it was made. */
export const foreignRequestId = (): RollcallError =>
  conflict('requestId', "This requestId belongs to another employee's punch; use a new one");
