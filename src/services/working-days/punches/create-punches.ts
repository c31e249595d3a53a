import type { Base } from '../../../base';
import type { Days } from '../days/create-days';
import { MissingLogouts } from './missing-logouts';
import { PunchDays } from './punch-days';

export interface Punches {
  readonly days: PunchDays;
  readonly missingLogouts: MissingLogouts;
}

/** What the days tell of single punches. */
export const createPunches = ({ statements, log }: Base, { reader }: Days): Punches => ({
  days: new PunchDays(statements, reader),
  missingLogouts: new MissingLogouts(statements, log),
});
