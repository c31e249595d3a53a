/** Real: the multipart parser, HTTP on loopback, streams. Fake: nothing. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { PassThrough, Readable } from 'node:stream';
import { processRequest, type FileUpload } from 'graphql-upload-minimal';
import { RollcallError } from '../../src/errors';
import { readUpload, type UploadSource } from '../../src/services/photos/input/upload-reader';
import { until } from '../support/until';

const MAX = 200_000;
const PARSER_MAX = 300_000;

type Outcome = Buffer | RollcallError | Error;
const outcomeOf = (upload: UploadSource): Promise<Outcome> =>
  readUpload(upload, 'image', MAX).catch((error: unknown) => error as Error);

let server: Server;
let outcomes: Promise<Outcome>[];
let readLate: boolean;
beforeEach(async () => {
  outcomes = [];
  readLate = false;
  server = createServer((request, response) => {
    void (async () => {
      const operations = await processRequest(request, response, { maxFileSize: PARSER_MAX });
      const scalar = (operations as unknown as { variables: { image: { promise: Promise<FileUpload> } } })
        .variables.image;
      // For the parser to have taken what it takes while nobody reads, which shows in nothing.
      if (readLate) await new Promise((resolve) => setTimeout(resolve, 100));
      const outcome = outcomeOf(scalar.promise);
      outcomes.push(outcome);
      await outcome;
      response.end();
    })().catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

const port = (): number => (server.address() as AddressInfo).port;

/** Sends a file as GraphQL clients do; resolves once the request is answered. */
async function send(file: Buffer | null): Promise<Outcome> {
  const form = new FormData();
  form.append('operations', JSON.stringify({ query: '', variables: { image: null } }));
  form.append('map', JSON.stringify({ 0: ['variables.image'] }));
  if (file) form.append('0', new Blob([new Uint8Array(file)]), '../../evil.jpg');
  const response = await fetch(`http://127.0.0.1:${port()}/`, { method: 'POST', body: form });
  expect(response.status).toBe(200);
  return (await outcomes[0]) as Outcome;
}

function expectRefusal(outcome: Outcome | undefined, message: string): void {
  expect(outcome).toBeInstanceOf(RollcallError);
  const { code, details, message: text } = outcome as RollcallError;
  expect({ code, details }).toEqual({ code: 'BAD_USER_INPUT', details: { field: 'image' } });
  expect(text).toContain(message);
}

test.each([1, 1000, MAX])('a file of %d bytes arrives whole', async (length) => {
  const file = Buffer.alloc(length, 'photo ');
  expect(file.equals((await send(file)) as Buffer)).toBe(true);
});

test.each([MAX + 1, PARSER_MAX, PARSER_MAX + 1, 5_000_000])(
  'a file of %d bytes is refused, the bound is named, and the request is still answered',
  async (length) => expectRefusal(await send(Buffer.alloc(length, 7)), `${MAX} bytes`),
);

test('a file over the limit of the parser is refused when it is read late, too', async () => {
  readLate = true;
  expectRefusal(await send(Buffer.alloc(5_000_000, 7)), `${MAX} bytes`);
});

test('what the parser cut off at a limit below ours is refused', async () => {
  const stream = Object.assign(Readable.from([Buffer.alloc(10)]), { truncated: true });
  expectRefusal(await outcomeOf({ createReadStream: () => stream }), 'must have at most');
});

test('what the parser refuses to hand out because of its limit is too large', async () => {
  const file = {
    createReadStream: () => {
      throw Object.assign(new Error('File truncated'), { status: 413 });
    },
  };
  expectRefusal(await outcomeOf(file), `${MAX} bytes`);
});

test('an empty file is refused', async () => {
  expectRefusal(await send(Buffer.alloc(0)), 'empty');
});

test('a file that is announced and not sent is refused', async () => {
  expectRefusal(await send(null), 'missing or incomplete');
});

test('an upload whose client goes away is refused', async () => {
  const socket = connect(port(), '127.0.0.1');
  const part = (name: string, value: string) =>
    `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  socket.write(
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 100000\r\n\r\n' +
      part('operations', '{"variables":{"image":null}}') +
      part('map', '{"0":["variables.image"]}') +
      '--b\r\nContent-Disposition: form-data; name="0"; filename="a"\r\n\r\nhalf a photo',
  );
  await until(() => outcomes.length > 0);
  socket.destroy();
  expectRefusal(await outcomes[0], 'incomplete');
});

test('a stream that breaks is refused, and what it says later harms nobody', async () => {
  const stream = new PassThrough();
  const outcome = outcomeOf({ createReadStream: () => stream });
  stream.write('half');
  setImmediate(() => stream.destroy(new Error('SECRET')));
  expectRefusal(await outcome, 'incomplete');
  expect(((await outcome) as Error).message).not.toContain('SECRET');
  stream.emit('error', new Error('once more'));
});

test('a stream that closes without an end is refused', async () => {
  const stream = new PassThrough();
  setImmediate(() => stream.destroy());
  expectRefusal(await outcomeOf({ createReadStream: () => stream }), 'incomplete');
});
