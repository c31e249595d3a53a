import { z } from 'zod';
import { httpUrl, integer, text, unsetWhenEmpty } from '../kinds';

/** The process, its address and its folder. */
export const SERVER_VARIABLES = {
  NODE_ENV: text().describe('production: refuse to start without ADMIN_API_KEY, and ignore the .env file.'),
  PORT: integer(0, 65_535, 4000).describe('TCP port to listen on.'),
  HOST: text().describe(
    'Address to listen on. Any address other than loopback requires ADMIN_API_KEY. Empty: 127.0.0.1.',
  ),
  PUBLIC_URL: httpUrl().describe(
    'URL of the start page, with its path. Links begin with it. Empty: http://localhost:PORT.',
  ),
  DATA_DIR: z
    .preprocess(unsetWhenEmpty, z.string().default('./data'))
    .describe('Folder for photos and the embedded database.'),
};
