import type { IncomingMessage, ServerResponse } from 'node:http';

export const FAILURE_MODES = [
  /** 401, Cloudinary's JSON */
  'unauthorized',
  /** 403, Cloudinary's JSON */
  'forbidden',
  /** 420, the status Cloudinary uses for its rate limits */
  'rate-limited',
  /** 500, Cloudinary's JSON */
  'server-error',
  /** 502, the HTML page of a proxy */
  'bad-gateway',
  /** 503, the HTML page of a proxy */
  'unavailable',
  /** takes the request and never answers */
  'hang',
  /** sends headers and then a byte every 200 ms, for ever: no idle timeout fires */
  'drip',
  /** resets the connection after the whole body was taken */
  'reset',
  /** resets the connection at once */
  'reset-early',
  /** 200 with JSON that breaks off */
  'malformed',
  /** 200 with an HTML page: a captive portal */
  'html',
  /** 200 without a body */
  'empty',
  /** 200 with `{}`: the SDK resolves, and there is no URL in it */
  'empty-object',
  /** announces more bytes than it sends, then closes */
  'truncated',
  /** 400, what the real service says of a file that is no image */
  'invalid-image',
  /** does what was asked for, then resets the connection: success of which the client never hears */
  'stored-but-lost',
] as const;

export type FailureMode = (typeof FAILURE_MODES)[number];

export const isFailureMode = (text: string): text is FailureMode =>
  (FAILURE_MODES as readonly string[]).includes(text);

const DRIP_INTERVAL_MS = 200;
const ANSWER_START = '{"public_id":"stand-in","secure_url":"https://res.cloudinary.com/';
const page = (title: string) => `<html><head><title>${title}</title></head><body>${title}</body></html>\n`;

/** Sends an RST, which the client sees as ECONNRESET, instead of a polite end of the stream. */
export const reset = (request: IncomingMessage): void => void request.socket.resetAndDestroy();

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

export const sendError = (response: ServerResponse, status: number, message: string): void =>
  sendJson(response, status, { error: { message } });

function sendText(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, { 'content-type': type });
  response.end(text);
}

/** Fails the request in the given way. `stored-but-lost` does not belong here: it needs the request carried out. */
export function fail(
  mode: Exclude<FailureMode, 'stored-but-lost'>,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  // What is not read would hold up a client that sends its body before it looks at the answer.
  if (mode !== 'reset-early') request.resume();
  switch (mode) {
    case 'unauthorized':
      return sendError(response, 401, 'Unknown API key');
    case 'forbidden':
      return sendError(response, 403, 'The customer account is disabled');
    case 'rate-limited':
      return sendError(response, 420, 'Rate Limit Exceeded. Limit of 500 api operations reached.');
    case 'server-error':
      return sendError(response, 500, 'General Error');
    case 'bad-gateway':
      return sendText(response, 502, 'text/html', page('502 Bad Gateway'));
    case 'unavailable':
      return sendText(response, 503, 'text/html', page('503 Service Temporarily Unavailable'));
    case 'hang':
      return;
    case 'drip':
      return drip(response);
    case 'reset':
      return void request.once('end', () => reset(request));
    case 'reset-early':
      return reset(request);
    case 'malformed':
      return sendText(response, 200, 'application/json', ANSWER_START);
    case 'html':
      return sendText(response, 200, 'text/html', page('Sign in to the network'));
    case 'empty':
      return sendText(response, 200, 'application/json', '');
    case 'empty-object':
      return sendJson(response, 200, {});
    case 'truncated':
      response.writeHead(200, {
        'content-type': 'application/json',
        'content-length': ANSWER_START.length + 100,
      });
      // Only after the whole request was taken: closing with unread input would be a reset.
      return void request.once('end', () => response.write(ANSWER_START, () => request.socket.end()));
    case 'invalid-image':
      return sendError(response, 400, 'Invalid image file');
  }
}

function drip(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.write('{');
  // White space is valid JSON so far: the answer is not wrong, it just never ends.
  const timer = setInterval(() => response.write(' '), DRIP_INTERVAL_MS);
  response.once('close', () => clearInterval(timer));
}
