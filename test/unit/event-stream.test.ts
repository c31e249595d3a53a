/** Real: streams as the service makes them, queues of punches. Fake: punches, a client that does not read. */
import { once } from 'node:events';
import { Attendance } from '../../src/entities/attendance.entity';
import { eventStream } from '../../src/http/graphql/event-stream';
import { MAX_BEHIND, PunchQueue } from '../../src/services/attendance/punches/punch-queue';
import { until } from '../support/until';

const punch = (): Attendance => new Attendance();
const ready = (): Promise<void> => Promise.resolve();
const large = 'x'.repeat(10_000);

function stream(queue: PunchQueue, over = new AbortController().signal, stallMs = 200) {
  let answered = 0;
  const readable = eventStream({
    source: queue,
    answer: () => Promise.resolve({ data: { large, n: answered++ } }),
    renew: ready,
    lastWords: () => null,
    over,
    stallMs,
  });
  return { readable, answered: () => answered };
}

it('a client that does not read costs a few events of memory, and is disconnected', async () => {
  let ended = 0;
  const queue = new PunchQueue(null, ready, () => ended++);
  const { readable, answered } = stream(queue);
  readable.on('readable', () => undefined);
  for (let n = 0; n < MAX_BEHIND; n++) queue.push(punch());
  await once(readable, 'close');
  expect(answered()).toBeLessThan(10);
  expect(readable.readableLength).toBeLessThan(50_000);
  expect(ended).toBe(1);
});

it('a client that is too far behind is disconnected, with nothing kept for it', async () => {
  let ended = 0;
  const queue = new PunchQueue(null, ready, () => ended++);
  for (let n = 0; n < MAX_BEHIND * 10; n++) queue.push(punch());
  expect(ended).toBe(1);
  await expect(queue.next()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  expect(await queue.next()).toEqual({ done: true, value: undefined });
});

it('a stream that nobody ever read gives its place back', async () => {
  let ended = 0;
  const queue = new PunchQueue(null, ready, () => ended++);
  const { readable } = stream(queue);
  readable.destroy();
  await once(readable, 'close');
  expect(ended).toBe(1);
});

it('when the service stops, a stream that waits ends, and one that is stuck is cut', async () => {
  const controller = new AbortController();
  const waiting = stream(new PunchQueue(null, ready, () => undefined), controller.signal, 60_000);
  const chunks: string[] = [];
  waiting.readable.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
  const full = new PunchQueue(null, ready, () => undefined);
  const stuck = stream(full, controller.signal, 60_000);
  stuck.readable.on('readable', () => undefined);
  for (let n = 0; n < 20; n++) full.push(punch());
  await until(
    () => chunks.length > 0 && stuck.readable.readableLength >= stuck.readable.readableHighWaterMark,
  );
  const closed = Promise.all([once(waiting.readable, 'end'), once(stuck.readable, 'close')]);
  controller.abort();
  await closed;
  expect(chunks).toEqual([':\n\n']);
});
