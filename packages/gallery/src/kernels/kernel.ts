import type { Probe } from '../probe';

export type KernelName = 'js' | 'f32' | 'i8';

/**
 * The next group of rows, from `group` on, of which some may have a cosine of `bar` or more with the probe. Group g of
 * n groups is the rows g, g + n, g + 2n and g + 3n.
 * @returns 16 times the group's number, plus a bit (1, 2, 4, 8) for each of its rows that may; 16 n when there is none
 */
type Pass = (group: number, bar: number) => number;

/** A group's size. The same in assembly/*.ts, which handle four rows at a time. */
export const GROUP = 4;

/**
 * Finds the rows that are worth an exact score. A kernel may propose too much, and never leaves out a row that reaches
 * the bar: so every kernel leads to the same answers.
 */
export interface Kernel {
  readonly name: KernelName;
  /** What one exact score costs, in rows of a pass of this kernel. */
  readonly exactScoreCost: number;
  /** Begins a pass over the first `size` rows. It ends when the next one begins. */
  begin(probe: Probe, size: number): Pass;
}

export const groupsOf = (size: number): number => Math.ceil(size / GROUP);
