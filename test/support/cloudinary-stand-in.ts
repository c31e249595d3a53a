import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import sharp from 'sharp';
import { administer } from './cloudinary-stand-in-admin';
import { deliver, deliverySignature, type Delivered, type StoredAsset } from './cloudinary-stand-in-delivery';
import {
  fail,
  FAILURE_MODES,
  type FailureMode,
  isFailureMode,
  reset,
  sendError,
  sendJson,
} from './cloudinary-stand-in-failures';
import {
  checkAuthenticity,
  type CloudinaryForm,
  type Credentials,
  readForm,
  type Refusal,
} from './cloudinary-stand-in-request';

export type { FailureMode } from './cloudinary-stand-in-failures';

type Outcome = { readonly body: Record<string, unknown> } | Refusal;

const refuse = (status: Refusal['status'], message: string): Refusal => ({ status, message });

/**
 * Speaks Cloudinary's upload protocol on 127.0.0.1 and checks like the real service: credentials, signature, age
 * of the request, that the file is an image. The official SDK talks to it by `upload_prefix: standIn.url` together
 * with `agent: new http.Agent()`.
 *
 * One simplification: a public id names one asset, whatever its delivery type (the real service keeps one of each).
 */
export class CloudinaryStandIn implements Credentials {
  readonly assets = new Map<string, StoredAsset>();
  private seen = 0;
  /** What a preset makes of the public id that a client asks for; null: nothing. */
  preset: ((publicId: string) => string) | null = null;
  private failure: { mode: FailureMode; left: number } | null = null;

  private constructor(
    private readonly server: Server,
    readonly cloudName: string,
    readonly apiKey: string,
    readonly apiSecret: string,
  ) {
    server.on('request', (request, response) => {
      this.handle(request, response).catch((error: unknown) => {
        // A client that went away mid-body is no fault of ours; a malformed body is answered.
        if (!response.headersSent && !response.destroyed) {
          sendError(
            response,
            400,
            `Invalid request: ${error instanceof Error ? error.message : 'unreadable'}`,
          );
        }
      });
    });
  }

  /** Listens on loopback; without a port on a free one. */
  static async start({
    cloudName = 'stand-in',
    apiKey = '123456789012345',
    apiSecret = 'stand-in-secret',
    port = 0,
  }: {
    cloudName?: string;
    apiKey?: string;
    apiSecret?: string;
    port?: number;
  } = {}): Promise<CloudinaryStandIn> {
    const standIn = new CloudinaryStandIn(createServer(), cloudName, apiKey, apiSecret);
    standIn.server.listen(port, '127.0.0.1');
    await once(standIn.server, 'listening');
    return standIn;
  }

  /** What the SDK takes as `upload_prefix`. */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** All API requests so far, failed ones included; requests to the stand-in's own `/__…` paths are not counted. */
  get requests(): number {
    return this.seen;
  }

  /** Lets the next `times` API requests (without a number: all from now on) fail; `null` ends it. */
  failWith(mode: FailureMode | null, times = Infinity): void {
    this.failure = mode === null || times <= 0 ? null : { mode, left: times };
  }

  /** As it was when it began to listen. */
  reset(): void {
    this.assets.clear();
    this.seen = 0;
    this.preset = null;
    this.failWith(null);
  }

  /** The answer of the delivery hosts (res.cloudinary.com) to this address. */
  deliver(url: string): Delivered {
    return deliver(new URL(url).pathname, this.assets, this);
  }

  /** Stops listening and breaks what still hangs. A second call does nothing. */
  async stop(): Promise<void> {
    if (!this.server.listening) return;
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', this.url);
    if (pathname.startsWith('/__')) return this.control(request, response, pathname, searchParams);

    this.seen += 1;
    const mode = this.takeFailure();
    if (mode !== null && mode !== 'stored-but-lost') return fail(mode, request, response);

    if (/^\/v1_1\/[^/]+\/resources\//.test(pathname)) {
      return administer(request, response, this);
    }
    const route = /^\/v1_1\/([^/]+)\/image\/(upload|destroy)$/.exec(pathname);
    if (request.method !== 'POST' || !route) {
      request.resume();
      return sendError(response, 404, `Route not found: ${request.method ?? ''} ${pathname}`);
    }
    const form = await readForm(request);
    const [, cloudName = '', action] = route;
    const outcome =
      checkAuthenticity(form.fields, decodeURIComponent(cloudName), this) ??
      (action === 'upload' ? await this.upload(form) : this.destroy(form));

    if ('status' in outcome) return sendError(response, outcome.status, outcome.message);
    if (mode === 'stored-but-lost') return reset(request);
    sendJson(response, 200, outcome.body);
  }

  private takeFailure(): FailureMode | null {
    if (this.failure === null) return null;
    const { mode } = this.failure;
    this.failure.left -= 1;
    if (this.failure.left <= 0) this.failure = null;
    return mode;
  }

  private async upload({ fields, file }: CloudinaryForm): Promise<Outcome> {
    if (file === null) return refuse(400, 'Missing required parameter - file');
    if (file.length === 0) return refuse(400, 'Empty file');
    // Characters the real service refuses in a public id, and slashes it would have to guess about.
    const { public_id: name = randomBytes(10).toString('hex'), folder, type = 'upload' } = fields;
    if (/[?&#\\%<>+]|^\s|\s$|^\/|\/$|\/\//.test(name)) return refuse(400, `public_id (${name}) is invalid`);

    const image = await sharp(file)
      .metadata()
      .catch(() => null);
    if (!image?.width || !image.height) return refuse(400, 'Invalid image file');

    const asked = folder ? `${folder.replace(/^\/+|\/+$/g, '')}/${name}` : name;
    const publicId = this.preset?.(asked) ?? asked;
    const before = this.assets.get(publicId);
    if (before && ['0', 'false'].includes(fields['overwrite'] ?? '')) {
      return { body: { ...before.answer, existing: true } };
    }

    const now = new Date();
    const version = Math.floor(now.getTime() / 1000);
    const format = image.format === 'jpeg' ? 'jpg' : image.format;
    const path = this.deliveryPath(publicId, type, version, format);
    const answer = {
      asset_id: before?.answer['asset_id'] ?? randomBytes(16).toString('hex'),
      public_id: publicId,
      version,
      version_id: randomBytes(16).toString('hex'),
      signature: this.sha1(`public_id=${publicId}&version=${version}`).toString('hex'),
      width: image.width,
      height: image.height,
      format,
      resource_type: 'image',
      created_at: now.toISOString().replace(/\.\d+Z$/, 'Z'),
      tags: fields['tags']?.split(',') ?? [],
      bytes: file.length,
      type,
      etag: createHash('md5').update(file).digest('hex'),
      placeholder: false,
      url: `http://res.cloudinary.com/${path}`,
      secure_url: `https://res.cloudinary.com/${path}`,
      ...(folder ? { folder } : {}),
      ...(before ? { overwritten: true } : {}),
    };
    const params = { ...fields };
    delete params['api_key'];
    delete params['signature'];
    this.assets.set(publicId, {
      publicId,
      bytes: file,
      secureUrl: answer.secure_url,
      uploads: (before?.uploads ?? 0) + 1,
      type,
      params,
      answer,
    });
    return { body: answer };
  }

  private destroy({ fields }: CloudinaryForm): Outcome {
    const { public_id: publicId, type = 'upload' } = fields;
    if (!publicId) return refuse(400, 'Missing required parameter - public_id');
    if (this.assets.get(publicId)?.type !== type) return { body: { result: 'not found' } };
    this.assets.delete(publicId);
    return { body: { result: 'ok' } };
  }

  /** `<cloud>/image/<type>/[s--signature--/]v<version>/<public id>.<format>`; only public uploads go unsigned. */
  private deliveryPath(publicId: string, type: string, version: number, format: string): string {
    const source = `${publicId.split('/').map(encodeURIComponent).join('/')}.${format}`;
    const seal = deliverySignature(source, this.apiSecret);
    const signed = type === 'upload' ? '' : `s--${seal}--/`;
    return `${this.cloudName}/image/${type}/${signed}v${version}/${source}`;
  }

  private sha1(text: string): Buffer {
    return createHash('sha1')
      .update(text + this.apiSecret)
      .digest();
  }

  /** For tests and demos in which the stand-in is a process of its own: look inside, and set how it fails. */
  private control(
    request: IncomingMessage,
    response: ServerResponse,
    pathname: string,
    query: URLSearchParams,
  ): void {
    request.resume();
    if (request.method === 'GET' && pathname === '/__assets') {
      const list = [...this.assets.values()].map(({ publicId, bytes, uploads, type, secureUrl }) => ({
        publicId,
        bytes: bytes.length,
        uploads,
        type,
        secureUrl,
        sha256: createHash('sha256').update(bytes).digest('hex'),
      }));
      return sendJson(response, 200, list);
    }
    if (request.method === 'POST' && pathname === '/__fail') {
      const mode = query.get('mode') ?? '';
      const times = Number(query.get('times') ?? Infinity);
      if (mode !== '' && mode !== 'none' && !isFailureMode(mode)) {
        return sendError(response, 400, `mode is one of: none, ${FAILURE_MODES.join(', ')}`);
      }
      if (!(times > 0)) return sendError(response, 400, 'times is a positive number');
      this.failWith(isFailureMode(mode) ? mode : null, times);
      return sendJson(response, 200, { mode: mode || 'none' });
    }
    sendError(response, 404, 'GET /__assets, POST /__fail?mode=…[&times=…]');
  }
}
