/** Real: the turns, the scope of a request. Fake: the decoding, which ends when the test says so. */
import { withRequest } from '../../src/request-scope';
import { DecodeTurns } from '../../src/services/photos/input/decode-turns';

const cheap = { bytes: 0, ms: 1 };

/** Decodings that wait, by caller, in the order in which they began. */
class Decoder {
  readonly begun: string[] = [];
  private readonly ends: (() => void)[] = [];

  constructor(private readonly turns: DecodeTurns) {}

  decode(caller: string, cost = cheap): Promise<void> {
    return withRequest({ correlationId: 'x', caller }, () =>
      this.turns.run(cost, 'image', () => {
        this.begun.push(caller);
        return new Promise<void>((resolve) => this.ends.push(resolve));
      }),
    );
  }

  /** Ends the oldest that runs, and lets what follows begin. */
  async endOne(): Promise<void> {
    this.ends.shift()?.();
    await new Promise(setImmediate);
  }
}

describe('photos are decoded in turns', () => {
  it('two at a time, and one of each key', async () => {
    const decoder = new Decoder(new DecodeTurns(0));
    const all = [decoder.decode('a'), decoder.decode('a'), decoder.decode('a'), decoder.decode('b')];
    await new Promise(setImmediate);
    expect(decoder.begun).toEqual(['a', 'b']);
    for (let n = 0; n < 4; n++) await decoder.endOne();
    await Promise.all(all);
    expect(decoder.begun).toEqual(['a', 'b', 'a', 'a']);
  });

  it('alone if a photo takes more than half of the memory', async () => {
    const decoder = new Decoder(new DecodeTurns(0));
    const large = { bytes: 150_000_000, ms: 100 };
    const all = [decoder.decode('a', large), decoder.decode('b')];
    await new Promise(setImmediate);
    expect(decoder.begun).toEqual(['a']);
    await decoder.endOne();
    await decoder.endOne();
    await Promise.all(all);
    expect(decoder.begun).toEqual(['a', 'b']);
  });

  it('not at all if the photos of one request cost too much together', async () => {
    const turns = new DecodeTurns(0);
    const run = (): Promise<string> =>
      turns.run({ bytes: 0, ms: 600 }, 'image', () => Promise.resolve('read'));
    await withRequest({ correlationId: 'x', caller: 'a' }, async () => {
      expect([await run(), await run()]).toEqual(['read', 'read']);
      await expect(run()).rejects.toThrow('the photos of one request have too many pixels');
    });
    await withRequest({ correlationId: 'y', caller: 'hr', staff: true }, async () => {
      for (let n = 0; n < 7; n++) expect(await run()).toBe('read');
      await expect(run()).rejects.toThrow('too many pixels');
    });
  });

  it('and as many in a minute as a key may send requests', async () => {
    const turns = new DecodeTurns(2);
    await withRequest({ correlationId: 'x', caller: 'a' }, async () => {
      await turns.count();
      await turns.count();
      await expect(turns.count()).rejects.toMatchObject({ code: 'TOO_MANY_REQUESTS' });
    });
    await withRequest({ correlationId: 'x', caller: 'b' }, () => turns.count());
    await withRequest({ correlationId: 'x', caller: 'open' }, async () => {
      for (let n = 0; n < 5; n++) await turns.count();
    });
  });
});
