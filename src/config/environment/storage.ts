import { z } from 'zod';
import { flag, httpUrl, integer, text, unsetWhenEmpty } from '../kinds';

/** Photos and encryption. */
export const STORAGE_VARIABLES = {
  CLOUDINARY_CLOUD_NAME: text().describe(
    'Cloudinary cloud name. Set all three of name, key and secret, or none to keep photos local.',
  ),
  CLOUDINARY_API_KEY: text().describe('Cloudinary API key.'),
  CLOUDINARY_API_SECRET: text().describe('Cloudinary API secret.'),
  CLOUDINARY_URL: text().describe('The three Cloudinary values in one: cloudinary://key:secret@cloud.'),
  CLOUDINARY_UPLOAD_PREFIX: httpUrl().describe('Cloudinary API host, for another region or a proxy.'),
  CLOUDINARY_TIMEOUT_MS: integer(100, 120_000, 3000).describe(
    'Time limit for one upload, in milliseconds. The punch is recorded even if the upload fails.',
  ),
  CLOUDINARY_FOLDER: z
    .preprocess(
      unsetWhenEmpty,
      z
        .string()
        .regex(/^[\w-]+(\/[\w-]+)*$/, 'must be letters, digits, _ and -, with / between folders')
        .default('rollcall'),
    )
    .describe('Cloudinary folder for uploaded photos.'),
  CLOUDINARY_DELIVERY: z
    .preprocess(
      unsetWhenEmpty,
      z.enum(['upload', 'authenticated'], { error: 'must be upload or authenticated' }).default('upload'),
    )
    .describe('authenticated: new photos require signed URLs; existing photos are unchanged.'),
  CLOUDINARY_FORMER_URLS: text().describe(
    'Former Cloudinary accounts as cloudinary:// URLs, separated by commas. Erasures delete photos there too.',
  ),
  CLOUDINARY_CLOSED_CLOUDS: text().describe(
    'Names of closed Cloudinary accounts, separated by commas. Erasures skip them.',
  ),
  MEDIA_ACCESS: z
    .preprocess(
      unsetWhenEmpty,
      z.enum(['signed', 'public'], { error: 'must be signed or public' }).optional(),
    )
    .describe(
      'signed: local photos require signed URLs. Empty: signed if ADMIN_API_KEY is set, otherwise public.',
    ),
  MEDIA_SIGNING_KEY: z
    .preprocess(unsetWhenEmpty, z.string().min(32, 'must have at least 32 characters').optional())
    .describe('Secret for signed photo URLs, at least 32 characters. Empty: generated in DATA_DIR.'),
  // A week at most: what never expires is no guard.
  MEDIA_URL_TTL_SECONDS: integer(60, 604_800, 3600).describe('Lifetime of a signed photo URL, in seconds.'),
  ENCRYPTION_KEY: text().describe(
    'Encrypts face templates at rest: 32 bytes in hex or base64. Keep it apart from data backups.',
  ),
  ENCRYPTION_KEY_FILE: text().describe('File that holds the encryption key, instead of ENCRYPTION_KEY.'),
  ENCRYPTION_KEY_PREVIOUS: text().describe(
    'Earlier encryption keys that can still decrypt, separated by commas.',
  ),
  ENCRYPT_MEDIA: flag(false).describe('Encrypt local photos too.'),
};
