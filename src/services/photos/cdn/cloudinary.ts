import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { UploadApiOptions } from 'cloudinary';
import {
  DELIVERY_TYPES,
  deliveryTypeOf,
  isWebAddress,
  namesAsset,
  photoAddress,
  thumbnailAddress,
  withoutSignature,
  type CdnCopy,
  type DeliveryType,
} from './cloudinary-addresses';
import { withDeadline } from '../../../deadline';
import type { Cdn } from './cdn';
import type { CdnTarget } from './cdn-target';
import { CdnError, toCdnError } from './cloudinary-error';
import { sdk } from './cloudinary-sdk';

export interface CloudinarySettings {
  readonly cloudName: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  /** Another API host, e.g. `https://api-eu.cloudinary.com`; http is possible. */
  readonly uploadPrefix?: string | undefined;
  /** For a whole call, from the first byte sent to the last received. */
  readonly timeoutMs: number;
  /** Put before each public id; empty for none. */
  readonly folder: string;
  /** The delivery of new uploads. Existing photos are delivered as they were stored. */
  readonly delivery: DeliveryType;
}

type Answer = Readonly<Record<string, unknown>>;
type Callback = (error: unknown, answer: unknown) => void;

const foreign = (): CdnError => new CdnError('The answer does not come from Cloudinary', false, 200);

const DEFAULT_PREFIX = 'https://api.cloudinary.com';
/** Shorter than servers commonly keep an idle connection, so that we seldom write into one just being closed. */
const IDLE_SOCKET_MS = 4000;

/** Cloudinary through its SDK. Everything is passed with each call: the SDK's configuration is global and mutable. */
export class CloudinaryCdn implements Cdn {
  private readonly settings: CloudinarySettings;
  private readonly prefix: string;
  /**
   * Connections that are kept alive between calls. The SDK gives no access to its request, and its `timeout` starts
   * again with every byte; an agent used by one call at a time can be destroyed together with that call's socket.
   */
  private readonly idle: HttpAgent[] = [];

  constructor(settings: CloudinarySettings) {
    this.settings = settings;
    this.prefix = (settings.uploadPrefix ?? DEFAULT_PREFIX).replace(/\/+$/, '');
  }

  get cloudName(): string {
    return this.settings.cloudName;
  }

  target(publicId: string): CdnTarget {
    const { cloudName, folder } = this.settings;
    return { cloudName, publicId: folder ? `${folder}/${publicId}` : publicId };
  }

  async upload(jpeg: Buffer, publicId: string, tag?: string): Promise<CdnCopy> {
    const { delivery } = this.settings;
    const { publicId: fullId } = this.target(publicId);
    const answer = await this.call((options, callback) => {
      const tags = tag === undefined ? {} : { tags: [tag] };
      const upload = { ...options, ...tags, public_id: fullId, overwrite: true, invalidate: true };
      // A stream, never a string: `upload(string)` opens a string that is not a data URI as a local path.
      sdk()
        .uploader.upload_stream({ ...upload, ...typeParameter(delivery), resource_type: 'image' }, callback)
        .end(jpeg);
    });
    // An answer of `{}` counts as success in the SDK. A proxy's page must not become a photo's address.
    const url = answer['secure_url'];
    const storedId = answer['public_id'];
    if (!isWebAddress(url) || typeof storedId !== 'string') throw foreign();
    if (storedId !== fullId && !namesAsset(url, storedId)) throw foreign();
    if (deliveryTypeOf(url) !== delivery) {
      throw new CdnError(`Cloudinary stored the photo with another delivery type than ${delivery}`);
    }
    // A preset of the account may have changed the id. What it says is what there is.
    return { url: withoutSignature(url), publicId: storedId };
  }

  async destroy(publicId: string): Promise<'removed' | 'absent'> {
    // Of both types, which are two assets to Cloudinary: one of the other may be left from an upload whose answer was
    // lost before the setting was changed, and a face that was erased must be nowhere.
    let outcome: 'removed' | 'absent' = 'absent';
    for (const type of DELIVERY_TYPES) {
      if ((await this.destroyOf(publicId, type)) === 'removed') outcome = 'removed';
    }
    return outcome;
  }

  async destroyTagged(tag: string): Promise<'removed' | 'absent'> {
    const answer = await this.administer((options, callback) =>
      sdk().api.delete_resources_by_tag(tag, { ...options, invalidate: true }, callback),
    );
    const deleted = answer?.['deleted'] ?? {};
    return Object.values(deleted).includes('deleted') ? 'removed' : 'absent';
  }

  async missing(copies: readonly CdnCopy[]): Promise<CdnCopy[]> {
    const missing: CdnCopy[] = [];
    for (const type of DELIVERY_TYPES) {
      const asked = copies.filter(({ url }) => deliveryTypeOf(url) === type);
      if (asked.length === 0) continue;
      const ids = asked.map(({ publicId }) => publicId);
      const answer = await this.administer((options, callback) =>
        sdk().api.resources_by_ids(ids, { ...options, type, max_results: ids.length }, callback),
      );
      const resources = answer?.['resources'];
      // A proxy that does not pass these calls on says nothing about photos.
      if (!Array.isArray(resources)) throw foreign();
      const there = new Set(
        (resources as readonly { readonly public_id?: unknown }[]).map((r) => r.public_id),
      );
      missing.push(...asked.filter(({ publicId }) => !there.has(publicId)));
    }
    return missing;
  }

  address(copy: CdnCopy): string {
    return photoAddress(this.settings, copy);
  }

  thumbnailUrl(copy: CdnCopy, size: number): string {
    return thumbnailAddress(this.settings, copy, size);
  }

  private async destroyOf(publicId: string, type: DeliveryType): Promise<'removed' | 'absent'> {
    const answer = await this.call((options, callback) => {
      const destroy = {
        ...options,
        ...typeParameter(type),
        invalidate: true,
        resource_type: 'image' as const,
      };
      // With promises disabled it returns nothing, despite its type.
      void sdk().uploader.destroy(publicId, destroy, callback);
    });
    if (answer['result'] !== 'ok' && answer['result'] !== 'not found') {
      throw new CdnError('Cloudinary did not remove the photo');
    }
    return answer['result'] === 'ok' ? 'removed' : 'absent';
  }

  close(): void {
    for (const agent of this.idle.splice(0)) agent.destroy();
  }

  /** A call of the Admin API. @returns null: the account has nothing of what was asked for */
  private async administer(
    start: (options: UploadApiOptions, callback: Callback) => Promise<unknown>,
  ): Promise<Answer | null> {
    try {
      return await this.call((options, callback) => {
        // Its promise cannot be switched off, and rejects beside the callback.
        Promise.resolve(start(options, callback)).catch(() => undefined);
      });
    } catch (error) {
      if (error instanceof CdnError && error.status === 404) return null;
      throw error;
    }
  }

  /** Runs one call of the SDK on a separate connection, within the deadline. */
  private async call(start: (options: UploadApiOptions, callback: Callback) => void): Promise<Answer> {
    const { cloudName, apiKey, apiSecret, timeoutMs } = this.settings;
    const agent = this.idle.pop() ?? this.newAgent();
    try {
      const sent = new Promise<unknown>((resolve, reject) => {
        const options: UploadApiOptions = {
          cloud_name: cloudName,
          api_key: apiKey,
          api_secret: apiSecret,
          upload_prefix: this.prefix,
          // The agent decides between http and https, too; the SDK would decide when it is loaded.
          agent,
          timeout: timeoutMs,
          // Its promise rejects beside the callback, and nobody would be listening.
          disable_promises: true,
        };
        start(options, (error, result) => {
          if (error) reject(toCdnError(error));
          else resolve(result);
        });
      });
      const answer = await withDeadline(sent, timeoutMs, () => {
        throw new CdnError(`Cloudinary did not answer within ${timeoutMs} ms`);
      });
      this.idle.push(agent);
      return typeof answer === 'object' && answer !== null ? (answer as Answer) : {};
    } catch (error) {
      // Also after an answer: the SDK leaves the bodies of most errors unread, and their sockets open.
      agent.destroy();
      throw error instanceof CdnError ? error : toCdnError(error);
    }
  }

  private newAgent(): HttpAgent {
    const options = { keepAlive: true, maxSockets: 1, timeout: IDLE_SOCKET_MS };
    return this.prefix.startsWith('http:') ? new HttpAgent(options) : new HttpsAgent(options);
  }
}

/** The default type is not sent: it is what an account's own presets and restrictions are written for. */
const typeParameter = (type: DeliveryType): { type?: DeliveryType } => (type === 'upload' ? {} : { type });
