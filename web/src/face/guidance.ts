import { FaceFault } from '@rollcall/face-rules';
import type { Look, RelativeBox } from './protocol';

/** Hints for the person in front of the camera. */
export type Hint =
  'look' | 'closer' | 'back' | 'centre' | 'light' | 'glare' | 'alone' | 'straight' | 'blurred' | 'hold';

/** Shares of the frame's height. What is sent should show more of a face than the least the server takes. */
const MIN_HEIGHT = 0.28;
const MAX_HEIGHT = 0.86;
/** How far the middle of the face may be from the middle of the frame, as shares of its width and height. */
const OFF_CENTRE = { x: 0.22, y: 0.24 };
/** Between two looks of somebody who holds still, as a share of the face's own width. */
const MOVED = 0.12;
/** Looks in a row that show a usable face at one place. */
const STEADY_LOOKS = 3;

const FAULT_HINTS: Readonly<Record<FaceFault, Hint>> = {
  [FaceFault.NO_FACE]: 'look',
  [FaceFault.SEVERAL_FACES]: 'alone',
  [FaceFault.TOO_SMALL]: 'closer',
  [FaceFault.TOO_DARK]: 'light',
  [FaceFault.TOO_BRIGHT]: 'glare',
  [FaceFault.BLURRED]: 'blurred',
  [FaceFault.TURNED_AWAY]: 'straight',
  [FaceFault.CUT_OFF]: 'centre',
  // Told by the server only.
  [FaceFault.UNCLEAR]: 'straight',
};

/** The one thing to mend first; `hold` if there is nothing. */
export function hintFor({ fault, face }: Look): Hint {
  if (fault !== null) return FAULT_HINTS[fault];
  if (face === null) return 'look';
  const { box } = face;
  if (box.height < MIN_HEIGHT) return 'closer';
  if (box.height > MAX_HEIGHT) return 'back';
  const [x, y] = [box.x + box.width / 2 - 0.5, box.y + box.height / 2 - 0.5];
  return Math.abs(x) > OFF_CENTRE.x || Math.abs(y) > OFF_CENTRE.y ? 'centre' : 'hold';
}

/** Whether a face is where it was, or somebody moved or took another's place. */
function samePlace(a: RelativeBox, b: RelativeBox, tolerance = MOVED): boolean {
  const x = a.x + a.width / 2 - (b.x + b.width / 2);
  const y = a.y + a.height / 2 - (b.y + b.height / 2);
  const limit = tolerance * Math.max(a.width, b.width);
  return Math.abs(x) <= limit && Math.abs(y) <= limit * 2 && Math.abs(a.width - b.width) <= limit * 2;
}

/** Counts looks until a face holds still. A face that passes the camera is not checked. */
export class Steadiness {
  private last: RelativeBox | null = null;
  private count = 0;

  /** @returns whether the face of this look can be taken */
  add(look: Look, hint: Hint): boolean {
    if (hint !== 'hold' || look.face === null) {
      this.reset();
      return false;
    }
    const still = this.last !== null && samePlace(this.last, look.face.box);
    this.last = look.face.box;
    this.count = still ? this.count + 1 : 1;
    return this.count >= STEADY_LOOKS;
  }

  /** 0 to 1. */
  get progress(): number {
    return Math.min(this.count / STEADY_LOOKS, 1);
  }

  reset(): void {
    this.last = null;
    this.count = 0;
  }
}

/** Looks without a face until the person counts as gone; a single one may be an error of the detector. */
const GONE_LOOKS = 2;
/** A face that moved by this share of its width is another face: faces do not jump. */
const JUMP = 0.6;

/**
 * Whether the checked person has left, so the next face may be checked. Nobody is checked twice for waiting in front of
 * the camera.
 * @param absent looks in a row without a face
 */
export function hasLeft(before: Look | null, now: Look, absent: number): boolean {
  if (absent >= GONE_LOOKS) return true;
  const [a, b] = [before?.face?.box, now.face?.box];
  return a !== undefined && b !== undefined && !samePlace(a, b, JUMP);
}
