import type { Base } from '../../base';
import { decisiveModel } from '../faces/engine/face-model-ids';
import type { Faces } from '../faces/create-faces';
import { CalibrationService } from './calibration/calibration-service';

export interface Reports {
  readonly calibration: CalibrationService;
}

/** What the service measures of itself. */
export function createReports({ config, dataSource, now }: Base, { vault, model }: Faces): Reports {
  const decisive = decisiveModel(config.faces.descriptorTrust, model.id);
  return { calibration: new CalibrationService(dataSource, vault, decisive, now) };
}
