/** Real: the SDK, its HTTP client, loopback sockets. Fake: Cloudinary itself, by the stand-in or a plain server. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import sharp from 'sharp';
import { CdnError, CloudinaryCdn } from '../../src/services/storage/cloudinary';
import { toCdnError } from '../../src/services/storage/cloudinary-error';
import { CloudinaryStandIn, type FailureMode } from '../support/cloudinary-stand-in';

const TIMEOUT_MS = 400;
const SECRET = 'very-secret&value';
/** Also lets stray errors come: jest fails the running test for an uncaught error or an unhandled rejection. */
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

function cdnAt(uploadPrefix: string, overrides: { folder?: string; apiSecret?: string } = {}): CloudinaryCdn {
  const { cloudName, apiKey, apiSecret } = standIn;
  return new CloudinaryCdn({
    cloudName,
    apiKey,
    apiSecret,
    uploadPrefix,
    timeoutMs: TIMEOUT_MS,
    folder: 'rollcall',
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

describe('an upload', () => {
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

describe('a removal', () => {
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
      expect((await failure(cdn.destroy('rollcall/a'))).permanent).toBe(false);
    },
  );
});

describe('a failure of the CDN', () => {
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
    const started = Date.now();
    const error = await failure(cdn.upload(jpeg, 'a'));
    expect(Date.now() - started).toBeLessThan(TIMEOUT_MS + 300);
    expect(error.permanent).toBe(permanent);
    expect(error.status).toBe(status);
    expect(JSON.stringify([error.message, error])).not.toMatch(/secret|127\.0\.0\.1/);

    await pause(50);
    standIn.failWith(null);
    await cdn.upload(jpeg, 'a');
  });

  test('nobody listens: told as unreachable', async () => {
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

describe('against a server that is not Cloudinary', () => {
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
    await pause(50);
    expect(sockets.size).toBe(0);
  });

  test('after the deadline no socket stays open, whether a request hangs or drips', async () => {
    cdn = cdnAt(
      await serve((request, response) => {
        if (request.headers['content-length'] === undefined) response.write('{');
        const timer = setInterval(() => response.write(' '), 20);
        response.once('close', () => clearInterval(timer));
      }),
    );
    const attempts = Array.from({ length: 5 }, (_, i) => failure(cdn.upload(jpeg, `a-${i}`)));
    attempts.push(failure(cdn.destroy('a')));
    for (const error of await Promise.all(attempts)) {
      expect(error).toMatchObject({
        permanent: false,
        message: expect.stringContaining(`${TIMEOUT_MS} ms`) as string,
      });
    }
    await pause(50);
    expect(sockets.size).toBe(0);
    await pause(TIMEOUT_MS);
  });

  test('a photo that the server never takes meets the deadline, too', async () => {
    const requests: IncomingMessage[] = [];
    cdn = cdnAt(await serve((request) => void requests.push(request.pause())));
    const large = Buffer.alloc(20_000_000);
    const started = Date.now();
    await failure(cdn.upload(large, 'a'));
    expect(Date.now() - started).toBeLessThan(TIMEOUT_MS + 300);
    // Only by reading on does the server see that the client has gone.
    requests.forEach((request) => request.resume());
    await pause(50);
    expect(sockets.size).toBe(0);
  });

  test('a connection serves one call after the other, and closing ends it', async () => {
    const body = `{${id},"secure_url":"https://res.cloudinary.com/x"}`;
    cdn = cdnAt(await answering(200, body));
    for (let i = 0; i < 3; i++) {
      await cdn.upload(jpeg, 'a');
      await pause(5);
    }
    expect(seen).toHaveLength(3);
    expect(new Set(seen).size).toBe(1);
    cdn.close();
    await pause(20);
    expect(sockets.size).toBe(0);
  });
});

describe('a thumbnail', () => {
  test('is a square around the face, in the best format, by https', () => {
    expect(cdn.thumbnailUrl('rollcall/face_images/e 1', 96, '1700000000')).toBe(
      'https://res.cloudinary.com/stand-in/image/upload/c_thumb,g_face,h_96,w_96/f_auto,q_auto/v1700000000/rollcall/face_images/e%201',
    );
  });

  test('without a version is the newest', () => {
    expect(cdn.thumbnailUrl('rollcall/face_images/e', 96)).toBe(
      'https://res.cloudinary.com/stand-in/image/upload/c_thumb,g_face,h_96,w_96/f_auto,q_auto/rollcall/face_images/e',
    );
  });
});
