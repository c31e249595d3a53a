/**
 * Real: the official SDK, its HTTP client, loopback sockets, the stand-in in this process and as a process of its
 * own. Fake: nothing.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent } from 'node:http';
import { createInterface } from 'node:readline';
import { type UploadApiOptions, type UploadApiResponse, v2 as cloudinary } from 'cloudinary';
import sharp from 'sharp';
import { compiled } from '../support/compiled';
import { CloudinaryStandIn, type FailureMode } from '../support/cloudinary-stand-in';

interface Answer {
  readonly result?: UploadApiResponse;
  readonly error?: { message?: string; name?: string; http_code?: number; code?: string };
}

let standIn: CloudinaryStandIn;
let red: Buffer;
let blue: Buffer;
const agent = new Agent();

const picture = (background: string) =>
  sharp({ create: { width: 40, height: 30, channels: 3, background } })
    .jpeg()
    .toBuffer();

const connection = (): UploadApiOptions => ({
  upload_prefix: standIn.url,
  cloud_name: standIn.cloudName,
  api_key: standIn.apiKey,
  api_secret: standIn.apiSecret,
  agent,
  timeout: 30_000,
});

const upload = (bytes: Buffer, options: UploadApiOptions = {}): Promise<Answer> =>
  new Promise((resolve) => {
    cloudinary.uploader
      .upload_stream({ ...connection(), disable_promises: true, ...options }, (error, result) => {
        resolve({
          ...(error ? { error: (error as { error?: object }).error ?? error } : {}),
          ...(result ? { result } : {}),
        });
      })
      .end(bytes);
  });

const destroy = (publicId: string, options: UploadApiOptions = {}) =>
  cloudinary.uploader.destroy(publicId, { ...connection(), ...options }) as Promise<{ result: string }>;

beforeAll(async () => {
  [red, blue] = await Promise.all([picture('red'), picture('blue')]);
});
beforeEach(async () => {
  standIn = await CloudinaryStandIn.start({ cloudName: 'school', apiSecret: 'a&b' });
});
afterEach(async () => {
  await standIn.stop();
});
afterAll(() => agent.destroy());

describe('uploading to the stand-in for Cloudinary', () => {
  it('stores the bytes unchanged and answers like Cloudinary', async () => {
    const { result } = await upload(red, {
      public_id: 'rollcall/a b',
      tags: ['x', 'y'],
      context: { k: 'v & w' },
    });
    expect(result).toMatchObject({
      public_id: 'rollcall/a b',
      width: 40,
      height: 30,
      format: 'jpg',
      resource_type: 'image',
      type: 'upload',
      bytes: red.length,
      tags: ['x', 'y'],
    });
    expect(result?.secure_url).toBe(
      `https://res.cloudinary.com/school/image/upload/v${result?.version}/rollcall/a%20b.jpg`,
    );
    const asset = standIn.assets.get('rollcall/a b');
    expect(asset?.bytes.equals(red)).toBe(true);
    expect(asset?.uploads).toBe(1);
    expect(asset?.secureUrl).toBe(result?.secure_url);
    expect(asset?.params).toMatchObject({ public_id: 'rollcall/a b', tags: 'x,y' });
    expect(JSON.stringify(asset?.params)).not.toContain(standIn.apiKey);
  });

  it('signs its answer the way the SDK does', async () => {
    const { result } = await upload(red, { public_id: 'a' });
    const expected = cloudinary.utils.api_sign_request(
      { public_id: 'a', version: result?.version },
      standIn.apiSecret,
    );
    expect(result?.signature).toBe(expected);
  });

  it('puts the folder before the public id', async () => {
    const { result } = await upload(red, { folder: 'rollcall', public_id: 'a' });
    expect(result?.public_id).toBe('rollcall/a');
    expect([...standIn.assets.keys()]).toEqual(['rollcall/a']);
  });

  it('makes up a public id when none is given', async () => {
    const ids = [await upload(red), await upload(red)].map(({ result }) => result?.public_id);
    expect(new Set(ids).size).toBe(2);
    expect(standIn.assets.size).toBe(2);
  });

  it('overwrites the same public id', async () => {
    await upload(red, { public_id: 'a' });
    const { result } = await upload(blue, { public_id: 'a' });
    expect(result?.['overwritten']).toBe(true);
    expect(standIn.assets.size).toBe(1);
    expect(standIn.assets.get('a')?.uploads).toBe(2);
    expect(standIn.assets.get('a')?.bytes.equals(blue)).toBe(true);
  });

  it('keeps the first one when overwriting is not wanted', async () => {
    await upload(red, { public_id: 'a' });
    const { result } = await upload(blue, { public_id: 'a', overwrite: false });
    expect(result?.['existing']).toBe(true);
    expect(standIn.assets.get('a')?.bytes.equals(red)).toBe(true);
    expect(standIn.assets.get('a')?.uploads).toBe(1);
  });

  it('accepts SHA-256 signatures', async () => {
    // Through the global configuration: the SDK does not take the algorithm of an upload from its options.
    cloudinary.config({ signature_algorithm: 'sha256' });
    const { result } = await upload(red, { public_id: 'a' });
    cloudinary.config(true);
    expect(result?.public_id).toBe('a');
  });

  it('delivers an authenticated asset by a signed URL, the one the SDK makes', async () => {
    const { result } = await upload(red, { public_id: 'dir/a', type: 'authenticated' });
    expect(standIn.assets.get('dir/a')?.type).toBe('authenticated');
    const expected = cloudinary.url('dir/a', {
      cloud_name: standIn.cloudName,
      api_secret: standIn.apiSecret,
      type: 'authenticated',
      sign_url: true,
      secure: true,
      version: result?.version,
      format: 'jpg',
      analytics: false,
    });
    expect(result?.secure_url).toBe(expected);
  });

  it('takes a picture of several hundred kilobytes, in chunks', async () => {
    const noise = await sharp({
      create: {
        width: 900,
        height: 900,
        channels: 3,
        noise: { type: 'gaussian', mean: 128, sigma: 60 },
        background: 'red',
      },
    })
      .png()
      .toBuffer();
    expect(noise.length).toBeGreaterThan(500_000);
    expect((await upload(noise, { public_id: 'big' })).result?.format).toBe('png');
    expect(standIn.assets.get('big')?.bytes.equals(noise)).toBe(true);
  });
});

describe('the stand-in for Cloudinary, refusing,', () => {
  const stale = Math.floor(Date.now() / 1000) - 3700;
  it.each<[string, UploadApiOptions, number, RegExp]>([
    [
      'a wrong secret',
      { api_secret: 'wrong' },
      401,
      /^Invalid Signature [0-9a-f]{40}\. String to sign - 'public_id=a&timestamp=\d+'/,
    ],
    ['an unknown API key', { api_key: '1' }, 401, /^Unknown API key/],
    ['another cloud', { cloud_name: 'other' }, 401, /^Invalid cloud_name/],
    ['a request older than an hour', { timestamp: stale }, 400, /^Stale request/],
    ['a public id with a forbidden character', { public_id: 'a?b' }, 400, /^public_id/],
  ])('refuses %s', async (_name, options, status, message) => {
    const { error, result } = await upload(red, { public_id: 'a', ...options });
    expect(result).toBeUndefined();
    expect(error).toMatchObject({ http_code: status, message: expect.stringMatching(message) as unknown });
    expect(standIn.assets.size).toBe(0);
  });

  it('refuses a file that is no image, and an empty one', async () => {
    expect((await upload(Buffer.from('hello'))).error).toMatchObject({
      http_code: 400,
      message: 'Invalid image file',
    });
    expect((await upload(Buffer.alloc(0))).error).toMatchObject({ http_code: 400, message: 'Empty file' });
    expect(standIn.assets.size).toBe(0);
  });

  it('refuses a field that was changed after signing', async () => {
    const fields = cloudinary.utils.sign_request(
      { public_id: 'a', timestamp: Math.floor(Date.now() / 1000) },
      { api_key: standIn.apiKey, api_secret: standIn.apiSecret },
    ) as Record<string, string>;
    const send = async (changes: Record<string, string>) => {
      const body = new FormData();
      for (const [name, value] of Object.entries({ ...fields, ...changes })) body.set(name, value);
      body.set('file', new Blob([new Uint8Array(red)]), 'a.jpg');
      return fetch(`${standIn.url}/v1_1/school/image/upload`, { method: 'POST', body });
    };
    expect((await send({ public_id: 'b' })).status).toBe(401);
    expect((await send({ tags: 'x' })).status).toBe(401);
    expect((await send({})).status).toBe(200);
  });

  it('answers a body that breaks off, and a path that is not there', async () => {
    const answer = await fetch(`${standIn.url}/v1_1/school/image/upload`, {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
      body: '--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nabc',
    });
    expect(answer.status).toBe(400);
    expect((await fetch(`${standIn.url}/v1_1/school/video/upload`, { method: 'POST' })).status).toBe(404);
  });
});

describe('destroying at the stand-in for Cloudinary', () => {
  it('removes an asset once, and only with the right secret and type', async () => {
    await upload(red, { public_id: 'dir/a' });
    await expect(destroy('dir/a', { api_secret: 'wrong' })).rejects.toMatchObject({ http_code: 401 });
    expect(await destroy('dir/a', { type: 'authenticated' })).toEqual({ result: 'not found' });
    expect(standIn.assets.size).toBe(1);
    expect(await destroy('dir/a')).toEqual({ result: 'ok' });
    expect(standIn.assets.size).toBe(0);
    expect(await destroy('dir/a')).toEqual({ result: 'not found' });
  });
});

describe('the stand-in for Cloudinary, failing on demand', () => {
  it.each<[FailureMode, object]>([
    ['unauthorized', { http_code: 401 }],
    ['forbidden', { http_code: 403, name: 'UnexpectedResponse' }],
    ['rate-limited', { http_code: 420 }],
    ['server-error', { http_code: 500 }],
    ['bad-gateway', { http_code: 502, name: 'UnexpectedResponse' }],
    ['unavailable', { http_code: 503, name: 'UnexpectedResponse' }],
    ['hang', { http_code: 499, name: 'TimeoutError' }],
    ['reset', { code: 'ECONNRESET' }],
    ['malformed', { http_code: 200 }],
    ['html', { http_code: 200 }],
    ['empty', { http_code: 200 }],
    ['truncated', { message: 'aborted' }],
    ['invalid-image', { http_code: 400, message: 'Invalid image file' }],
  ])('%s: the SDK reports it, nothing is stored, and then all is well again', async (mode, expected) => {
    standIn.failWith(mode, 1);
    const { error, result } = await upload(red, { public_id: 'a', timeout: mode === 'hang' ? 300 : 30_000 });
    expect(result).toBeUndefined();
    expect(error).toMatchObject(expected);
    expect(standIn.assets.size).toBe(0);
    expect((await upload(red, { public_id: 'a' })).result?.public_id).toBe('a');
    expect(standIn.requests).toBe(2);
  });

  it('reset-early: the connection breaks while the client may still be writing', async () => {
    standIn.failWith('reset-early', 1);
    const { error } = await upload(red, { public_id: 'a' });
    expect(['ECONNRESET', 'EPIPE']).toContain(error?.code);
    expect(standIn.assets.size).toBe(0);
  });

  it('empty-object: the SDK resolves without a URL', async () => {
    standIn.failWith('empty-object');
    const { error, result } = await upload(red, { public_id: 'a' });
    expect(error).toBeUndefined();
    expect(result).toEqual({});
  });

  it('stored-but-lost: the asset is there, the client only sees a reset', async () => {
    standIn.failWith('stored-but-lost', 1);
    const { error } = await upload(red, { public_id: 'a' });
    expect(error).toMatchObject({ code: 'ECONNRESET' });
    expect(standIn.assets.get('a')?.bytes.equals(red)).toBe(true);
  });

  it('drip: outlasts the idle timeout, and stopping breaks it', async () => {
    standIn.failWith('drip');
    let settled = false;
    const pending = upload(red, { public_id: 'a', timeout: 500 }).finally(() => (settled = true));
    // Longer than the idle timeout: that it does not strike shows in nothing else.
    await new Promise((resolve) => setTimeout(resolve, 900));
    expect(settled).toBe(false);
    await standIn.stop();
    expect((await pending).error).toMatchObject({ message: 'aborted' });
    standIn = await CloudinaryStandIn.start();
  });

  it('fails until told otherwise when no number is given, destroy included', async () => {
    await upload(red, { public_id: 'a' });
    standIn.failWith('server-error');
    await expect(destroy('a')).rejects.toMatchObject({ http_code: 500 });
    await expect(destroy('a')).rejects.toMatchObject({ http_code: 500 });
    standIn.failWith(null);
    expect(await destroy('a')).toEqual({ result: 'ok' });
  });
});

describe('the stand-in for Cloudinary as a process of its own', () => {
  it('says where it listens, shows what it holds and fails when told to', async () => {
    const child = spawn(
      process.execPath,
      [
        compiled('test/support/cloudinary-stand-in-main.js'),
        '--cloud-name',
        'demo',
        '--api-key',
        '7',
        '--api-secret',
        's',
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    try {
      const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
      const { url } = JSON.parse(line) as { url: string };
      const there = { upload_prefix: url, cloud_name: 'demo', api_key: '7', api_secret: 's' };

      expect((await fetch(`${url}/__fail?mode=bad-gateway&times=1`, { method: 'POST' })).status).toBe(200);
      expect((await fetch(`${url}/__fail?mode=nonsense`, { method: 'POST' })).status).toBe(400);
      expect((await upload(red, { public_id: 'a', ...there })).error).toMatchObject({ http_code: 502 });
      expect((await upload(red, { public_id: 'a', ...there })).result?.public_id).toBe('a');
      expect(await (await fetch(`${url}/__assets`)).json()).toEqual([
        expect.objectContaining({
          publicId: 'a',
          bytes: red.length,
          uploads: 1,
          sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
        }),
      ]);
    } finally {
      child.kill('SIGTERM');
    }
    const [code] = (await once(child, 'exit')) as [number | null];
    expect(code).toBe(0);
  });
});
