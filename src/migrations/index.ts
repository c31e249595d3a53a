import { Foundation1764000000000 } from './1764000000000-foundation';

/** Every migration in order; a released one is never edited, only followed. */
export const migrations = [Foundation1764000000000];
