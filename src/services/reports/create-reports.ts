import type { Base } from '../../base';
import type { Faces } from '../faces/create-faces';
import { CalibrationService } from './calibration/calibration-service';

export interface Reports {
  readonly calibration: CalibrationService;
}

/** What the service measures of itself. */
export function createReports({ dataSource, now }: Base, { vault, models, trust }: Faces): Reports {
  const decisive = trust === 'client' ? models.client.id : models.server.id;
  return { calibration: new CalibrationService(dataSource, vault, decisive, models.server.id, now) };
}
