import { z } from 'zod';
import { ACCESS_VARIABLES } from './environment/access';
import { CHECK_VARIABLES } from './environment/checks';
import { DATABASE_VARIABLES } from './environment/database';
import { FACE_VARIABLES } from './environment/faces';
import { OPERATION_VARIABLES } from './environment/operation';
import { PRIVACY_VARIABLES } from './environment/privacy';
import { SERVER_VARIABLES } from './environment/server';
import { STORAGE_VARIABLES } from './environment/storage';

/**
 * Every variable that the service reads, with its meaning, bounds and default. `npm run config:docs`
 * writes .env.example and docs/reference/configuration.md from it.
 */
export const environmentSchema = z.object({
  ...SERVER_VARIABLES,
  ...DATABASE_VARIABLES,
  ...STORAGE_VARIABLES,
  ...FACE_VARIABLES,
  ...CHECK_VARIABLES,
  ...PRIVACY_VARIABLES,
  ...ACCESS_VARIABLES,
  ...OPERATION_VARIABLES,
});

/** The variables, each with its own type and default. */
export type Environment = z.infer<typeof environmentSchema>;

/** Variables that contain secrets. The service removes them from the environment after reading them. */
export const SECRET_VARIABLES = [
  'ADMIN_API_KEY',
  'CLOUDINARY_API_KEY',
  'CLOUDINARY_API_SECRET',
  'CLOUDINARY_FORMER_URLS',
  'CLOUDINARY_URL',
  'DATABASE_DIRECT_URL',
  'DATABASE_MIGRATION_URL',
  'DATABASE_URL',
  'ENCRYPTION_KEY',
  'ENCRYPTION_KEY_PREVIOUS',
  'MEDIA_SIGNING_KEY',
  'METRICS_TOKEN',
] as const satisfies readonly (keyof Environment)[];
