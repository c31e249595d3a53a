import { texts } from '../messages';
import type { CameraProblem } from './camera';

/** What to do about a camera that gives no picture, and whether the page tries again by itself. */
export function cameraAdvice(problem: CameraProblem | 'models'): string {
  const { camera } = texts().kiosk;
  return problem === 'insecure' || problem === 'models'
    ? camera[problem]
    : `${camera[problem]} ${camera.retries}`;
}
