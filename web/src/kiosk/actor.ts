import { FaceFault } from '../../../src/services/face/face-fault';
import type { DescribedFace } from '../../../src/services/face/face-analysis';
import { showsAction } from '../../../src/services/face/liveness';
import type { Look } from '../face/protocol';
import type { LivenessAction } from '../shared/api-types';

/** Whether a look shows the action, by the server's own rule, compared with the person's look from the front. */
export function acts(action: LivenessAction, neutral: Look, look: Look): boolean {
  if (look.face === null || neutral.face === null) return false;
  // A turned head is what was asked for; the rest of what can be wrong with a photo still is.
  if (look.fault !== null && look.fault !== FaceFault.TURNED_AWAY) return false;
  // Of a face the rule reads the pose and the mouth only.
  return showsAction(action, neutral.face as unknown as DescribedFace, look.face as unknown as DescribedFace);
}
