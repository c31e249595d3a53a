import { conflict, type RollcallError } from '../../errors';

/** A requestId names one punch, whoever's and however it was made. */
export const foreignRequestId = (): RollcallError =>
  conflict('requestId', "This requestId belongs to another employee's punch; use a new one");
