/** Real: the SDK, its HTTP client, loopback sockets. Fake: Cloudinary itself, by the stand-in or a plain server. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import sharp from 'sharp';
import { CdnError } from '../../src/services/photos/cdn/cdn';
import { CloudinaryCdn, type CloudinarySettings } from '../../src/services/photos/cdn/cloudinary';
import { toCdnError } from '../../src/services/photos/cdn/cloudinary-error';
import { CloudinaryStandIn, type FailureMode } from '../support/cloudinary-stand-in';
import { until } from '../support/until';

/** Of calls that meet it; the others have so long that a busy machine is no reason to give up. */
const TIMEOUT_MS = 400;
const impatient = (mode: FailureMode): { timeoutMs?: number } =>
  mode === 'hang' || mode === 'drip' ? { timeoutMs: TIMEOUT_MS } : {};
/** What a busy machine may take on top of the deadline; a call without one would hang. */
const MARGIN_MS = 20_000;
const SECRET = 'very-secret&value';
/** Lets stray errors come, of which nothing else tells: jest fails the running test for an uncaught error or an unhandled rejection. */
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

let standIn: CloudinaryStandIn;
let cdn: CloudinaryCdn;
let jpeg: Buffer;

beforeAll(async () => {
  jpeg = await sharp({ create: { width: 300, height: 200, channels: 3, background: 'teal' } })
    .jpeg()
    .toBuffer();
});
beforeEach(async () => {
  standIn = await CloudinaryStandIn.start({ apiSecret: SECRET });
  cdn = cdnAt(standIn.url);
});
afterEach(async () => {
  cdn.close();
  await standIn.stop();
});

function cdnAt(uploadPrefix: string, overrides: Partial<CloudinarySettings> = {}): CloudinaryCdn {
  const { cloudName, apiKey, apiSecret } = standIn;
  return new CloudinaryCdn({
    cloudName,
    apiKey,
    apiSecret,
    uploadPrefix,
    timeoutMs: 30_000,
    folder: 'rollcall',
    delivery: 'upload',
    ...overrides,
  });
}

async function failure(attempt: Promise<unknown>): Promise<CdnError> {
  const error: unknown = await attempt.then(
    () => new Error('succeeded'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof CdnError)) throw error;
  return error;
}

describe('an upload to Cloudinary', () => {
  test('arrives byte for byte under our own id, in our folder, signed', async () => {
    const { url, publicId } = await cdn.upload(jpeg, 'attendance_images/a-1');
    expect(publicId).toBe('rollcall/attendance_images/a-1');
    const asset = standIn.assets.get(publicId);
    expect(asset?.bytes.equals(jpeg)).toBe(true);
    expect(url).toBe(asset?.secureUrl);
    expect(asset?.params).toMatchObject({ overwrite: '1', invalidate: '1' });
  });

  test('without a folder keeps the id as it is', async () => {
    const plain = cdnAt(standIn.url, { folder: '' });
    expect((await plain.upload(jpeg, 'x')).publicId).toBe('x');
    plain.close();
  });

  test('that is repeated because its answer was lost leaves one asset', async () => {
    standIn.failWith('stored-but-lost', 1);
    expect((await failure(cdn.upload(jpeg, 'a'))).permanent).toBe(false);
    await cdn.upload(jpeg, 'a');
    expect(standIn.assets.size).toBe(1);
    expect(standIn.assets.get('rollcall/a')?.uploads).toBe(2);
  });

  test('of many at once arrives whole each time', async () => {
    const ids = Array.from({ length: 12 }, (_, i) => `n-${i}`);
    await Promise.all(ids.map((id) => cdn.upload(jpeg, id)));
    for (const id of ids) expect(standIn.assets.get(`rollcall/${id}`)?.bytes.equals(jpeg)).toBe(true);
  });

  test('with a wrong secret fails without telling it, and may be tried again', async () => {
    const wrong = cdnAt(standIn.url, { apiSecret: 'wrong-secret' });
    const error = await failure(wrong.upload(jpeg, 'a'));
    expect(error).toMatchObject({ permanent: false, status: 401 });
    for (const word of ['wrong-secret', SECRET, standIn.apiKey, 'timestamp']) {
      expect(JSON.stringify([error.message, error.stack, error])).not.toContain(word);
    }
  });
});

describe('a removal from Cloudinary', () => {
  test('removes', async () => {
    const { publicId } = await cdn.upload(jpeg, 'a');
    await cdn.destroy(publicId);
    expect(standIn.assets.size).toBe(0);
  });

  test('of what is not there is as good as one', async () => {
    await cdn.destroy('rollcall/never');
  });

  test.each<FailureMode>(['server-error', 'hang', 'reset', 'empty-object', 'html', 'unavailable'])(
    'that meets "%s" fails and may be tried again',
    async (mode) => {
      standIn.failWith(mode);
      const failing = cdnAt(standIn.url, impatient(mode));
      expect((await failure(failing.destroy('rollcall/a'))).permanent).toBe(false);
      failing.close();
    },
  );
});

describe('a failure of Cloudinary', () => {
  test.each<[FailureMode, boolean, number | undefined]>([
    ['unauthorized', false, 401],
    ['forbidden', false, 403],
    ['rate-limited', false, 420],
    ['server-error', false, 500],
    ['bad-gateway', false, 502],
    ['unavailable', false, 503],
    ['hang', false, undefined],
    ['drip', false, undefined],
    ['reset', false, undefined],
    ['reset-early', false, undefined],
    ['malformed', false, 200],
    ['html', false, 200],
    ['empty', false, 200],
    ['empty-object', false, 200],
    ['truncated', false, undefined],
    ['invalid-image', true, 400],
    ['stored-but-lost', false, undefined],
  ])('"%s" is told as such, ends in time, and leaves no stray error', async (mode, permanent, status) => {
    standIn.failWith(mode);
    const failing = cdnAt(standIn.url, impatient(mode));
    const started = Date.now();
    const error = await failure(failing.upload(jpeg, 'a'));
    expect(Date.now() - started).toBeLessThan(TIMEOUT_MS + MARGIN_MS);
    expect(error.permanent).toBe(permanent);
    expect(error.status).toBe(status);
    expect(JSON.stringify([error.message, error])).not.toMatch(/secret|127\.0\.0\.1/);

    await pause(50);
    standIn.failWith(null);
    failing.close();
    await cdn.upload(jpeg, 'a');
  });

  test('nobody listens: reported as unreachable', async () => {
    const { url } = standIn;
    await standIn.stop();
    const error = await failure(cdnAt(url).upload(jpeg, 'a'));
    expect(error).toMatchObject({ permanent: false, status: undefined });
    expect(error.message).toContain('ECONNREFUSED');
  });

  test.each([
    [{ http_code: 400, message: 'File size too large. Got 11000000. Maximum is 10485760.' }, true, 400],
    [{ http_code: 400, message: 'Stale request - reported time is older than an hour' }, false, 400],
    [{ error: { http_code: 413, name: 'UnexpectedResponse', message: 'x' } }, true, 413],
    [{ error: { http_code: 499, name: 'TimeoutError' } }, false, undefined],
    [{ http_code: 404, message: 'cloud_name mismatch' }, false, 404],
    [{ error: new Error('getaddrinfo ENOTFOUND x') }, false, undefined],
    [new Error('aborted'), false, undefined],
    ['text', false, undefined],
    [undefined, false, undefined],
    [{ error: null }, false, undefined],
  ])('a rejection like %j is permanent: %s', (rejection, permanent, status) => {
    expect(toCdnError(rejection)).toMatchObject({ permanent, status });
  });
});

describe('a call of a server that is not Cloudinary', () => {
  let server: Server;
  const sockets = new Set<Socket>();
  let seen: Socket[];
  const serve = async (listener: RequestListener): Promise<string> => {
    seen = [];
    server = createServer((request, response) => {
      seen.push(request.socket);
      listener(request, response);
    });
    server.on('connection', (socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  const answering = (status: number, body: string): Promise<string> =>
    serve((request, response) => {
      request.resume().once('end', () => response.writeHead(status).end(body));
    });

  const id = '"public_id":"rollcall/a"';
  test.each([
    ['null', 'null'],
    ['a text', '"ok"'],
    ['a list', '[]'],
    ['another id', '{"public_id":"other","secure_url":"https://res.cloudinary.com/x"}'],
    ['no address', `{${id}}`],
    ['an address that runs', `{${id},"secure_url":"javascript:alert(1)"}`],
    ['no address but a number', `{${id},"secure_url":1}`],
    ['an error that is a text', '{"error":"x"}'],
  ])('an answer of %s is no success', async (_, body) => {
    cdn = cdnAt(await answering(200, body));
    expect((await failure(cdn.upload(jpeg, 'a'))).permanent).toBe(false);
    await pause(20);
  });

  test('its words are not passed on', async () => {
    cdn = cdnAt(await answering(400, `{"error":{"message":"String to sign - ${SECRET}"}}`));
    expect((await failure(cdn.upload(jpeg, 'a'))).message).not.toContain(SECRET);
  });

  test.each([413, 502])('after a status of %d no socket stays open', async (status) => {
    cdn = cdnAt(await answering(status, 'x'.repeat(500_000)));
    expect((await failure(cdn.upload(jpeg, 'a'))).status).toBe(status);
    await until(() => sockets.size === 0);
  });

  test('after the deadline no socket stays open, whether a request hangs or drips', async () => {
    cdn = cdnAt(
      await serve((request, response) => {
        if (request.headers['content-length'] === undefined) response.write('{');
        const timer = setInterval(() => response.write(' '), 20);
        response.once('close', () => clearInterval(timer));
      }),
      { timeoutMs: TIMEOUT_MS },
    );
    const attempts = Array.from({ length: 5 }, (_, i) => failure(cdn.upload(jpeg, `a-${i}`)));
    attempts.push(failure(cdn.destroy('a')));
    for (const error of await Promise.all(attempts)) {
      expect(error).toMatchObject({
        permanent: false,
        message: expect.stringContaining(`${TIMEOUT_MS} ms`) as string,
      });
    }
    await until(() => sockets.size === 0);
    await pause(TIMEOUT_MS);
  });

  test('a photo that the server never takes meets the deadline, too', async () => {
    const requests: IncomingMessage[] = [];
    cdn = cdnAt(await serve((request) => void requests.push(request.pause())), { timeoutMs: TIMEOUT_MS });
    const large = Buffer.alloc(20_000_000);
    const started = Date.now();
    await failure(cdn.upload(large, 'a'));
    expect(Date.now() - started).toBeLessThan(TIMEOUT_MS + MARGIN_MS);
    // Only by reading on does the server see that the client has gone.
    requests.forEach((request) => request.resume());
    await until(() => sockets.size === 0);
  });

  test('a connection serves one call after the other, and closing ends it', async () => {
    const body = `{${id},"secure_url":"https://res.cloudinary.com/x"}`;
    cdn = cdnAt(await answering(200, body));
    for (let i = 0; i < 3; i++) {
      await cdn.upload(jpeg, 'a');
      // The client has to see that the connection is free.
      await pause(5);
    }
    expect(seen).toHaveLength(3);
    expect(new Set(seen).size).toBe(1);
    cdn.close();
    await until(() => sockets.size === 0);
  });
});

describe('a thumbnail', () => {
  const url = 'https://res.cloudinary.com/stand-in/image/upload/v1700000000/rollcall/face_images/e%201.jpg';

  test('is a square around the face, in the best format, by https', () => {
    expect(cdn.thumbnailUrl({ url, publicId: 'rollcall/face_images/e 1' }, 96)).toBe(
      'https://res.cloudinary.com/stand-in/image/upload/c_thumb,g_face,h_96,w_96/f_auto,q_auto/v1700000000/rollcall/face_images/e%201',
    );
  });

  test('without a version is the newest', () => {
    const copy = { url: url.replace('/v1700000000', ''), publicId: 'rollcall/face_images/e' };
    expect(cdn.thumbnailUrl(copy, 96)).toBe(
      'https://res.cloudinary.com/stand-in/image/upload/c_thumb,g_face,h_96,w_96/f_auto,q_auto/rollcall/face_images/e',
    );
  });
});

describe('an authenticated asset', () => {
  let guarded: CloudinaryCdn;
  beforeEach(() => {
    guarded = cdnAt(standIn.url, { delivery: 'authenticated' });
  });
  afterEach(() => guarded.close());

  test('is uploaded as one, and what is kept of its address opens nothing', async () => {
    const copy = await guarded.upload(jpeg, 'face_images/e 1');
    expect(standIn.assets.get(copy.publicId)).toMatchObject({ type: 'authenticated' });
    expect(copy.url).toMatch(/\/stand-in\/image\/authenticated\/v\d+\/rollcall\/face_images\/e%201\.jpg$/);
    expect(standIn.deliver(copy.url).status).toBe(401);
  });

  test('is handed out at addresses that the account signs, thumbnails of every size too', async () => {
    const copy = await guarded.upload(jpeg, 'face_images/e 1');
    for (const url of [
      guarded.address(copy),
      guarded.thumbnailUrl(copy, 96),
      guarded.thumbnailUrl(copy, 500),
    ]) {
      expect(url).toMatch(/^https:\/\/res\.cloudinary\.com\/stand-in\/image\/authenticated\/s--/);
      expect(standIn.deliver(url)).toEqual({ status: 200, bytes: jpeg });
      for (const altered of [
        url.replace(/s--.{8}--\//, ''),
        url.replace(/s--.{8}--/, 's--AAAAAAAA--'),
        url.replace('/face_images/', '/attendance_images/'),
        url.replace('w_96', 'w_97').replace('w_500', 'w_501').replace(/--\/v/, '--/w_9/v'),
      ]) {
        expect(standIn.deliver(altered).status).not.toBe(200);
      }
    }
    expect(guarded.address(copy)).toBe(standIn.assets.get(copy.publicId)?.secureUrl);
  });

  test('stands beside public ones: an address says itself which kind it is', async () => {
    const before = await cdn.upload(jpeg, 'before');
    expect(guarded.address(before)).toBe(before.url);
    expect(standIn.deliver(guarded.thumbnailUrl(before, 64)).status).toBe(200);
    const after = await guarded.upload(jpeg, 'after');
    expect(standIn.deliver(cdn.address(after)).status).toBe(200);
    // Whichever of the two is configured by now.
    await guarded.destroy(before.publicId);
    await cdn.destroy(after.publicId);
    expect(standIn.assets.size).toBe(0);
  });

  test('that Cloudinary stored as a public one is not taken for one', async () => {
    const answer = {
      public_id: 'rollcall/a',
      secure_url: 'https://res.cloudinary.com/stand-in/image/upload/v1/rollcall/a.jpg',
    };
    const server = createServer((request, response) => {
      request.resume().once('end', () => response.end(JSON.stringify(answer)));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const elsewhere = cdnAt(`http://127.0.0.1:${port}`, { delivery: 'authenticated' });
    expect((await failure(elsewhere.upload(jpeg, 'a'))).message).toContain('another delivery type');
    elsewhere.close();
    server.close();
  });
});
