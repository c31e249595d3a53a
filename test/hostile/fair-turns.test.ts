/**
 * Real: the service over HTTP, the decoder, the face models, the database. Fake: nothing. What is compared is the order of
 * the answers, which is the same on a busy machine.
 */
import { ADMIN_KEY, as, createKey, createOffice, Speaker } from '../support/access';
import { post } from '../support/hostile';
import { file, MAP, multipart, multipartHeaders, operations } from '../support/multipart';
import { CHECK, collins, register } from '../support/operations';
import { photo } from '../support/photos';
import { TestService } from '../support/service';
import { until } from '../support/until';

const FLOOD = 32;
/** Photos that may wait for the face models. */
const QUEUE = 20;

const METRICS_TOKEN = 'token-of-the-metrics-0123456789';

let service: TestService;
let officeId: string;
let admin: Speaker;
const json = { 'content-type': 'application/json' };
const { imageBase64 } = collins;
const asBody = (): [Buffer, object] => [
  Buffer.from(JSON.stringify({ query: CHECK, variables: { input: { imageBase64 } } })),
  json,
];
const asUpload = (): [Buffer, object] => [
  multipart([
    { name: 'operations', body: operations({ employeeId: undefined, faceDescriptor: undefined }) },
    { name: 'map', body: MAP },
    file(photo('eileen-collins.jpg')),
  ]),
  multipartHeaders,
];

beforeAll(async () => {
  const env = {
    ADMIN_API_KEY: ADMIN_KEY,
    METRICS_TOKEN,
    FACE_WORKERS: '1',
    FACE_QUEUE_LIMIT: String(QUEUE),
    ...{ RATE_LIMIT_PER_KEY: '0', RATE_LIMIT_PER_ADDRESS: '0', LOCKOUT_KEY_FAILURES: '1000' },
    ...{ LOCKOUT_KEY_FAILURES_PER_DAY: '1000', PUNCH_MIN_INTERVAL_SECONDS: '0' },
  };
  service = await TestService.start({ env });
  admin = new Speaker(service, ADMIN_KEY);
  officeId = await createOffice(admin, { name: 'Lima' });
  await register(admin, { officeId });
});
afterAll(() => service.stop());

const newKiosk = async (): Promise<string> => (await createKey(admin, { role: 'KIOSK', officeId })).secret;
const queueSize = async (): Promise<number> => {
  const answer = await fetch(`${service.url}/metrics`, { headers: as(METRICS_TOKEN) });
  return Number(/^rollcall_face_queue (\d+)$/m.exec(await answer.text())?.[1]);
};

it.each([
  ['as base64', asBody],
  ['as uploads', asUpload],
])('a kiosk that sends many photos %s does not keep another waiting', async (_how, make) => {
  const [flooding, honest] = [await newKiosk(), await newKiosk()];
  /** Whose photo was looked at, in the order of the answers. */
  const order: string[] = [];
  const send = async (key: string): Promise<string> => {
    const [body, headers] = make();
    const { text } = await post(service.url, body, { ...headers, ...as(key) });
    const { data } = JSON.parse(text) as { data?: { checkAttendance?: { status: string } } };
    const outcome = data?.checkAttendance?.status ?? 'refused';
    if (outcome === 'FACE_NOT_RECOGNIZED') order.push(key);
    return outcome;
  };
  let answered = false;
  /** Goes on, so that the line stays full however fast it is worked off. */
  const goOn = async (): Promise<string[]> => {
    const outcomes: string[] = [];
    do {
      outcomes.push(await send(flooding));
      if (outcomes.at(-1) === 'refused') await new Promise((resolve) => setTimeout(resolve, 100));
    } while (!answered);
    return outcomes;
  };
  const flood = Array.from({ length: FLOOD }, goOn);
  await until(queueSize, (size) => size >= QUEUE);
  const before = order.length;
  // Its photo is looked at although the line is full, and before most of those that came earlier.
  expect(await send(honest).finally(() => (answered = true))).toBe('FACE_NOT_RECOGNIZED');
  expect(order.indexOf(honest) - before).toBeLessThan(QUEUE / 2);
  const outcomes = (await Promise.all(flood)).flat();
  expect(outcomes).toContain('refused');
  expect(order.filter((key) => key === flooding).length).toBeGreaterThan(QUEUE / 2);
});
