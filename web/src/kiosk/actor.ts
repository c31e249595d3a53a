import { FaceFault, LivenessAction as Action, PAGE_LIVENESS, showsAction } from '@rollcall/face-rules';
import type { LivenessAction } from '../api';
import type { Look } from '../face/protocol';

/** Whether a look shows the action, by the server's own rule, compared with the person's look from the front. */
export function acts(action: LivenessAction, neutral: Look, look: Look): boolean {
  if (look.face === null || neutral.face === null) return false;
  // A turned head is what was asked for; the rest of what can be wrong with a photo still is.
  if (look.fault !== null && look.fault !== FaceFault.TURNED_AWAY) return false;
  return showsAction(Action[action], neutral.face, look.face, PAGE_LIVENESS);
}
