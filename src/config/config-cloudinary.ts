import type { Environment } from './environment';

/** Where Cloudinary is; `uploadPrefix` names another API host (a proxy, a region, a stand-in). */
export interface CloudinaryConfig {
  readonly cloudName: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly uploadPrefix?: string;
  readonly timeoutMs: number;
  readonly folder: string;
  /** Whether the address of a photo is enough to see it, or has to be signed. */
  readonly delivery: 'upload' | 'authenticated';
}

/** Former Cloudinary accounts, which may still have copies to remove. */
export interface FormerClouds {
  /** Former accounts. Nothing is uploaded to them. */
  readonly accounts: readonly CloudinaryConfig[];
  /** Names of closed accounts. The operator confirms that they contain nothing. */
  readonly closed: readonly string[];
}

type Credentials = Pick<CloudinaryConfig, 'cloudName' | 'apiKey' | 'apiSecret' | 'uploadPrefix'>;

const CLOUD_NAME = /^[\w-]+$/;

/** A percent-encoded part of a URL, or nothing if it is malformed. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}

/** `cloudinary://<key>:<secret>@<cloud>[?upload_prefix=…]`, as Cloudinary's console and add-ons give it. */
function parseCloudinaryUrl(variable: string, value: string, faults: string[]): Credentials | null {
  const fault = `${variable}: must be cloudinary://<api key>:<api secret>@<cloud name>`;
  if (!URL.canParse(value)) {
    faults.push(fault);
    return null;
  }
  const { protocol, username, password, hostname, searchParams } = new URL(value);
  const [apiKey, apiSecret] = [username, password].map(decoded);
  if (protocol !== 'cloudinary:' || !apiKey || !apiSecret || !CLOUD_NAME.test(hostname)) {
    faults.push(fault);
    return null;
  }
  const uploadPrefix = searchParams.get('upload_prefix')?.replace(/\/+$/, '');
  return { cloudName: hostname, apiKey, apiSecret, ...(uploadPrefix ? { uploadPrefix } : {}) };
}

/** What the variables say of Cloudinary. @returns null: no credentials */
export function cloudinaryFrom(env: Environment, faults: string[]): CloudinaryConfig | null {
  const parts = {
    CLOUDINARY_CLOUD_NAME: env.CLOUDINARY_CLOUD_NAME,
    CLOUDINARY_API_KEY: env.CLOUDINARY_API_KEY,
    CLOUDINARY_API_SECRET: env.CLOUDINARY_API_SECRET,
  };
  const missing = Object.entries(parts).flatMap(([name, value]) => (value === undefined ? [name] : []));
  const fromUrl =
    env.CLOUDINARY_URL === undefined
      ? null
      : parseCloudinaryUrl('CLOUDINARY_URL', env.CLOUDINARY_URL, faults);
  if (missing.length > 0 && missing.length < 3) {
    faults.push(
      `${missing.join(', ')}: missing; set all of CLOUDINARY_CLOUD_NAME, CLOUDINARY_API_KEY and CLOUDINARY_API_SECRET, or none`,
    );
  }
  const credentials =
    missing.length === 0
      ? {
          cloudName: env.CLOUDINARY_CLOUD_NAME as string,
          apiKey: env.CLOUDINARY_API_KEY as string,
          apiSecret: env.CLOUDINARY_API_SECRET as string,
        }
      : fromUrl;
  if (credentials === null) return null;
  if (!CLOUD_NAME.test(credentials.cloudName)) {
    faults.push('CLOUDINARY_CLOUD_NAME: must be letters, digits, _ and -');
  }
  const uploadPrefix = env.CLOUDINARY_UPLOAD_PREFIX ?? fromUrl?.uploadPrefix;
  return {
    cloudName: credentials.cloudName,
    apiKey: credentials.apiKey,
    apiSecret: credentials.apiSecret,
    ...(uploadPrefix === undefined ? {} : { uploadPrefix: uploadPrefix.replace(/\/+$/, '') }),
    ...usageFrom(env),
  };
}

const usageFrom = (env: Environment): Pick<CloudinaryConfig, 'timeoutMs' | 'folder' | 'delivery'> => ({
  timeoutMs: env.CLOUDINARY_TIMEOUT_MS,
  folder: env.CLOUDINARY_FOLDER,
  delivery: env.CLOUDINARY_DELIVERY,
});

const listed = (value: string | undefined): string[] => value?.split(/[\s,]+/).filter(Boolean) ?? [];

/** What the variables say of accounts that were used before. */
export function formerCloudsFrom(
  env: Environment,
  current: CloudinaryConfig | null,
  faults: string[],
): FormerClouds {
  const accounts = listed(env.CLOUDINARY_FORMER_URLS).flatMap((url) => {
    const credentials = parseCloudinaryUrl('CLOUDINARY_FORMER_URLS', url, faults);
    return credentials === null ? [] : [{ ...credentials, ...usageFrom(env) }];
  });
  const closed = listed(env.CLOUDINARY_CLOSED_CLOUDS);
  if (closed.some((name) => !CLOUD_NAME.test(name))) {
    faults.push(
      'CLOUDINARY_CLOSED_CLOUDS: must be cloud names (letters, digits, _ and -) separated by commas',
    );
  }
  const open = [...accounts, ...(current === null ? [] : [current])].map(({ cloudName }) => cloudName);
  const both = closed.filter((name) => open.includes(name));
  if (both.length > 0) {
    faults.push(
      `CLOUDINARY_CLOSED_CLOUDS: ${both.join(', ')} has credentials, so it is not closed; remove one of the two`,
    );
  }
  return Object.freeze({ accounts: Object.freeze(accounts), closed: Object.freeze(closed) });
}
