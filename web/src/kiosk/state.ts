import type { LivenessAction } from '../api';
import type { CameraProblem } from '../shared/camera';
import type { Hint } from '../face/guidance';
import { type StorageState, UNKNOWN_STORAGE } from '../offline/storage';
import type { Notice } from './notices';

/** What the kiosk is doing; each has its own screen. */
export type Phase =
  | { readonly kind: 'starting' }
  | { readonly kind: 'no-camera'; readonly problem: CameraProblem | 'models' }
  /** The server does not analyse photos, so nobody can be checked here. */
  | { readonly kind: 'blind' }
  /**
   * Waits until the face holds still.
   * @param progress 0 to 1
   */
  | { readonly kind: 'looking'; readonly hint: Hint | 'absent'; readonly progress: number }
  /** The checked person is still there. Nobody is checked twice for waiting. */
  | { readonly kind: 'leaving'; readonly last: Notice }
  | { readonly kind: 'scanning' }
  | { readonly kind: 'typing' }
  | { readonly kind: 'checking' }
  /** @param action null: look straight ahead */
  | {
      readonly kind: 'acting';
      readonly action: LivenessAction;
      readonly step: number;
      readonly steps: number;
    }
  | { readonly kind: 'notice'; readonly notice: Notice };

/** A saved punch that the server refused. It is still saved here. */
export interface RefusedPunch {
  /** null: the punch cannot be decrypted */
  readonly requestId: string | null;
  readonly employeeId: string | null;
  readonly capturedAt: string | null;
  readonly why: string;
}

export interface KioskState {
  readonly phase: Phase;
  /** The employee of the next check. Null: the face alone decides. */
  readonly employeeId: string | null;
  readonly online: boolean;
  /** Number of saved punches that are still to be sent. Refused ones are in `refused`. */
  readonly waiting: number;
  /** All punches that are saved on this tablet. */
  readonly saved: number;
  readonly storage: StorageState;
  readonly refused: readonly RefusedPunch[];
}

export const INITIAL: KioskState = {
  phase: { kind: 'starting' },
  employeeId: null,
  online: true,
  waiting: 0,
  saved: 0,
  storage: UNKNOWN_STORAGE,
  refused: [],
};

/**
 * What follows for a phase from the problem of the camera (null: it works). Phases that need no camera stay.
 * @returns the next phase; 'look': looks for a face again; null: the phase stays
 */
export function withCamera(phase: Phase, problem: CameraProblem | null): Phase | 'look' | null {
  switch (phase.kind) {
    case 'blind':
    case 'typing':
    case 'checking':
    case 'acting':
    case 'notice':
      return null;
    case 'no-camera':
      if (problem === null) return phase.problem === 'models' ? null : 'look';
      return problem === phase.problem ? null : { kind: 'no-camera', problem };
    case 'starting':
    case 'looking':
    case 'leaving':
    case 'scanning':
      return problem === null ? null : { kind: 'no-camera', problem };
  }
}
