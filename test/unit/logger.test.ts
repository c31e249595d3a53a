/** Real: the logger. Fake: the stream that it writes to. */
import { Writable } from 'node:stream';
import { createLogger } from '../../src/logger';

/** What the logger writes for some work. */
function written(work: (log: ReturnType<typeof createLogger>) => void): string {
  const lines: string[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  work(createLogger('info', stream));
  return lines.join('');
}

describe('a line of the log', () => {
  const long = 'A'.repeat(10_000_000);

  it('has no text longer than 4000 characters, wherever it comes from', () => {
    const error = new Error(long, { cause: new TypeError(long) });
    Object.assign(error, { code: long, constraint: long });
    const line = written((log) => log.error({ err: error, reason: long }, 'Failed'));
    expect(line.length).toBeLessThan(40_000);
    expect(JSON.parse(line)).toMatchObject({
      msg: 'Failed',
      reason: `${'A'.repeat(4000)}…`,
      err: { name: 'Error', message: `${'A'.repeat(4000)}…`, cause: { name: 'TypeError' } },
    });
  });

  it('keeps what is short', () => {
    const line = written((log) => log.info({ reason: 'x', count: 5 }, 'Done'));
    expect(JSON.parse(line)).toMatchObject({ msg: 'Done', reason: 'x', count: 5 });
  });

  it('ends at the fifth cause of an error', () => {
    const error = new Error('0');
    let last = error;
    for (let n = 1; n < 20; n++) {
      const cause = new Error(String(n));
      last.cause = cause;
      last = cause;
    }
    last.cause = error;
    const line = written((log) => log.error({ err: error }, 'Failed'));
    expect(line).toContain('"message":"4"');
    expect(line).not.toContain('"message":"7"');
  });
});
