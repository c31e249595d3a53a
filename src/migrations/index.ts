import { Foundation1764000000000 } from './1764000000000-foundation';
import { FaceTemplates1764100000000 } from './1764100000000-face-templates';

/** Every migration in order; a released one is never edited, only followed. */
export const migrations = [Foundation1764000000000, FaceTemplates1764100000000];
