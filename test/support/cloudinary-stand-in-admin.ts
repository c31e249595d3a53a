import type { IncomingMessage, ServerResponse } from 'node:http';
import type { StoredAsset } from './cloudinary-stand-in-delivery';
import { sendError, sendJson } from './cloudinary-stand-in-failures';
import type { Credentials } from './cloudinary-stand-in-request';

interface Account extends Credentials {
  readonly apiSecret: string;
  readonly assets: Map<string, StoredAsset>;
}

/** The calls of Cloudinary's Admin API that the service uses: assets by ids, and removal by tag. */
export function administer(request: IncomingMessage, response: ServerResponse, account: Account): void {
  request.resume();
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const [, , cloudName, , , kind, tag] = pathname.split('/').map(decodeURIComponent);
  const basic = `Basic ${Buffer.from(`${account.apiKey}:${account.apiSecret}`).toString('base64')}`;
  if (cloudName !== account.cloudName || request.headers.authorization !== basic) {
    return sendError(response, 401, 'unknown api_key');
  }
  const all = [...account.assets.values()];
  if (request.method === 'DELETE' && kind === 'tags' && tag !== undefined) {
    const found = all.filter(({ params }) => params['tags']?.split(',').includes(tag));
    for (const { publicId } of found) account.assets.delete(publicId);
    const deleted = Object.fromEntries(found.map(({ publicId }) => [publicId, 'deleted']));
    return sendJson(response, 200, { deleted, partial: false });
  }
  if (request.method === 'GET' && kind !== undefined && tag === undefined) {
    const ids = searchParams.getAll('public_ids[]');
    const found = all.filter(({ publicId, type }) => type === kind && ids.includes(publicId));
    return sendJson(response, 200, { resources: found.map(({ answer }) => answer) });
  }
  sendError(response, 404, `Route not found: ${request.method ?? ''} ${pathname}`);
}
