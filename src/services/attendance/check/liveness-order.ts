import { randomInt } from 'node:crypto';
import { LivenessAction } from '@rollcall/face-rules';

const MIN_ACTIONS = 2;
const MAX_ACTIONS = 3;

/**
 * Distinct actions in an order that nobody can foresee, so that a recording made beforehand rarely fits: one order out
 * of 12 with two actions, or out of 24 with three.
 */
export function pickActions(): LivenessAction[] {
  const left = Object.values(LivenessAction);
  const count = randomInt(MIN_ACTIONS, MAX_ACTIONS + 1);
  return Array.from({ length: count }, () => left.splice(randomInt(left.length), 1)).flat();
}
