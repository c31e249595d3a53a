import { randomUUID } from 'node:crypto';
import { type Agent, type IncomingMessage, request as overHttp } from 'node:http';
import { request as overHttps } from 'node:https';
import { sdk } from './cloudinary-sdk';

interface Upload {
  readonly jpeg: Buffer;
  /** What is signed: names and values as Cloudinary's reference has them. */
  readonly parameters: Readonly<Record<string, string | number>>;
  /** Without a slash at its end. */
  readonly prefix: string;
  readonly cloudName: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  /** Decides over the connection. */
  readonly agent: Agent;
  /** After which nothing was sent or received any more. */
  readonly idleMs: number;
}

/**
 * Uploads a photo, signed by the SDK. Its own upload goes through all the parameters that it knows and sends each as a
 * chunk, which takes two and a half times the processor time.
 * @returns what Cloudinary answered
 * @throws what the SDK rejects with; `toCdnError` reads it
 */
export function sendUpload(upload: Upload): Promise<unknown> {
  const { jpeg, prefix, cloudName, agent, idleMs } = upload;
  const url = `${prefix}/v1_1/${cloudName}/image/upload`;
  const boundary = randomUUID();
  const start = Buffer.from(`${fieldsOf(upload, boundary)}${fileHeader(boundary)}`);
  const end = Buffer.from(`\r\n--${boundary}--\r\n`);
  return new Promise((resolve, reject) => {
    const send = url.startsWith('http:') ? overHttp : overHttps;
    const request = send(url, {
      method: 'POST',
      agent,
      headers: {
        'content-type': `multipart/form-data; boundary=${boundary}`,
        'content-length': start.length + jpeg.length + end.length,
      },
    });
    request.setTimeout(idleMs, () =>
      request.destroy(Object.assign(new Error('timeout'), { http_code: 499 })),
    );
    request.on('error', reject);
    request.on('response', (response) => {
      readAnswer(response).then(resolve, reject);
    });
    // One write, and so one packet after another without a wait.
    request.cork();
    request.write(start);
    request.write(jpeg);
    request.end(end);
    request.uncork();
  });
}

function fieldsOf({ parameters, apiKey, apiSecret }: Upload, boundary: string): string {
  const signed: Record<string, unknown> = sdk().utils.sign_request(
    { ...parameters, timestamp: Math.floor(Date.now() / 1000) },
    { api_key: apiKey, api_secret: apiSecret },
  );
  return Object.entries(signed)
    .map(
      ([name, value]) =>
        `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${String(value)}\r\n`,
    )
    .join('');
}

const fileHeader = (boundary: string): string =>
  `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="file"\r\nContent-Type: application/octet-stream\r\n\r\n`;

/** Statuses with which Cloudinary sends JSON. */
const ANSWERS = new Set([200, 400, 401, 404, 420, 429, 500]);

async function readAnswer(response: IncomingMessage): Promise<unknown> {
  const http_code = response.statusCode ?? 0;
  if (!ANSWERS.has(http_code)) throw refusal('unexpected status', http_code);
  let text = '';
  response.setEncoding('utf8');
  for await (const part of response) text += String(part);
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    throw refusal('invalid JSON', http_code);
  }
  const fault = answer !== null && typeof answer === 'object' && 'error' in answer ? answer.error : undefined;
  if (fault === undefined || fault === null) return answer;
  const { message } = fault as { message?: unknown };
  throw refusal(String(message), http_code);
}

const refusal = (message: string, http_code: number): Error =>
  Object.assign(new Error(message), { http_code });
