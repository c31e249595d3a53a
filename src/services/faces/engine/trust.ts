import type { DataSource } from 'typeorm';
import type { Config } from '../../../config/config';
import type { FaceModelPair } from './face-model-ids';

/**
 * Whose descriptor decides (FACE_DESCRIPTOR_TRUST): `verify`: the photo by the server's model, and a descriptor that is
 * sent must not contradict it; `server`: a client's is ignored; `client`: a client's decides if one is sent.
 */
export type DescriptorTrust = 'client' | 'verify' | 'server';

interface Trusted {
  readonly trust: DescriptorTrust;
  /** What an operator should know of a default. */
  readonly note: { readonly level: 'info' | 'warn'; readonly text: string } | null;
}

/** Whom the installation trusts: as configured, else by what is enrolled. */
export async function trustOf(
  { faces: { descriptorTrust, workers }, access }: Pick<Config, 'faces' | 'access'>,
  dataSource: DataSource,
  { server }: FaceModelPair,
): Promise<Trusted> {
  if (descriptorTrust !== null) return { trust: descriptorTrust, note: null };
  // What is missing then is said elsewhere.
  if (workers === 0) return { trust: 'client', note: null };
  if (access.adminApiKey === null) return { trust: 'client', note: OPEN };
  const templates = await clientOnlyTemplates(dataSource, server.id);
  return templates === 0 ? { trust: 'verify', note: null } : { trust: 'client', note: upgraded(templates) };
}

const OPEN = {
  level: 'info',
  text: 'FACE_DESCRIPTOR_TRUST is client, because ADMIN_API_KEY is not set: a descriptor that is sent decides',
} as const;

const upgraded = (templates: number) =>
  ({
    level: 'warn',
    text:
      `FACE_DESCRIPTOR_TRUST is client, because ${templates} faces were enrolled with a client descriptor only. ` +
      'A descriptor that is sent decides, and the photo is not verified. Set FACE_DESCRIPTOR_TRUST to verify or client',
  }) as const;

/** How many templates of active employees the server cannot compare with a photo. */
async function clientOnlyTemplates(dataSource: DataSource, serverModel: string): Promise<number> {
  const [row] = await dataSource.query<{ count: number }[]>(
    `SELECT count(*)::int AS count FROM face_templates t JOIN employees e ON e.id = t.employee_id
     WHERE e.active AND t.source = 'client' AND t.model_id <> $1 AND t.plain_model_id IS DISTINCT FROM $1`,
    [serverModel],
  );
  return row?.count ?? 0;
}
