import { FaceFault, LivenessAction as Action, PAGE_LIVENESS, showsAction } from '@rollcall/face-rules';
import type { LivenessAction } from '../api';
import type { FaceReader } from '../face/face-reader';
import type { Look } from '../face/protocol';
import type { CameraKeeper } from '../shared/camera-keeper';
import { sleep } from '../shared/sleep';

/** Time for one action. The challenge is valid for two minutes. */
const ACTION_MS = 30_000;
/** Shortest time between two looks. */
const PAUSE_MS = 60;

/** Whether a look shows the action, by the server's own rule, compared with the person's look from the front. */
function acts(action: LivenessAction, neutral: Look, look: Look): boolean {
  if (look.face === null || neutral.face === null) return false;
  // The action asks for a turned head. All other faults of a photo count.
  if (look.fault !== null && look.fault !== FaceFault.TURNED_AWAY) return false;
  return showsAction(Action[action], neutral.face, look.face, PAGE_LIVENESS);
}

/** The first photo that shows the action. After the time limit it is the latest one, and the server says what is wrong. */
export async function photoOfAction(
  action: LivenessAction,
  neutral: Look,
  camera: CameraKeeper,
  faces: FaceReader,
  isStopped: () => boolean,
): Promise<Blob> {
  const end = Date.now() + ACTION_MS;
  let shown = false;
  while (!shown && Date.now() < end && !isStopped()) {
    await sleep(PAUSE_MS);
    const frame = await camera.grab();
    shown = frame !== null && acts(action, neutral, await faces.look(frame, 'any'));
  }
  return faces.photo();
}
