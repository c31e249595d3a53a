/** Real: the line. Fake: nothing. */
import { Displaced, FairLine } from '../../src/services/turns/fair-line';

const never = new AbortController().signal;

/** A line, and the order in which work got its place. */
function lineOf(options: ConstructorParameters<typeof FairLine>[0]) {
  const line = new FairLine(options);
  const order: string[] = [];
  const enter = (caller: string, name: string, weight = 1): Promise<void> =>
    line.enter(caller, never, weight).then(() => void order.push(name));
  return { line, order, enter };
}

describe('a fair line', () => {
  it('gives places to one caller in order', async () => {
    const { line, order, enter } = lineOf({ places: 1, limit: 2 });
    await enter('a', 'first');
    const others = [enter('a', 'second'), enter('a', 'third')];
    expect([line.isFull('a'), line.size]).toEqual([true, 3]);
    for (const other of others) {
      line.leave('a');
      await other;
    }
    line.leave('a');
    expect(order).toEqual(['first', 'second', 'third']);
    expect(line.size).toBe(0);
  });

  it('lets callers take turns', async () => {
    const { line, order, enter } = lineOf({ places: 1, limit: 10 });
    await enter('a', 'a1');
    const all = [enter('a', 'a2'), enter('a', 'a3'), enter('b', 'b1'), enter('c', 'c1'), enter('b', 'b2')];
    for (const caller of ['a', 'a', 'b', 'c', 'a', 'b']) {
      line.leave(caller);
      await Promise.resolve();
    }
    await Promise.all(all);
    expect(order).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'b2']);
  });

  it('gives a newcomer, in a full line, the place of the latest work of the requester with the most work', async () => {
    const { line, order, enter } = lineOf({ places: 1, limit: 3 });
    await enter('greedy', 'g1');
    const waiting = ['g2', 'g3', 'g4'].map((name) => enter('greedy', name).catch((e: unknown) => e));
    expect([line.isFull('greedy'), line.isFull('honest')]).toEqual([true, false]);
    const honest = enter('honest', 'h1');
    expect(await waiting[2]).toBeInstanceOf(Displaced);
    await expect(enter('greedy', 'g5')).rejects.toBeInstanceOf(Displaced);
    line.leave('greedy');
    line.leave('greedy');
    await honest;
    expect(order).toEqual(['g1', 'g2', 'h1']);
  });

  it('holds work of a caller back that is at work already, and lets others pass', async () => {
    const { line, order, enter } = lineOf({ places: 2, limit: 5, perCaller: 1 });
    await enter('a', 'a1');
    const second = enter('a', 'a2');
    await enter('b', 'b1');
    expect(order).toEqual(['a1', 'b1']);
    line.leave('a');
    await second;
    expect(order).toEqual(['a1', 'b1', 'a2']);
  });

  it('lets nobody smaller pass work that needs more places', async () => {
    const { line, order, enter } = lineOf({ places: 2, limit: 5 });
    await enter('a', 'a1');
    const large = enter('b', 'large', 2);
    const small = enter('c', 'small');
    await Promise.resolve();
    expect(order).toEqual(['a1']);
    line.leave('a');
    await large;
    line.leave('b', 2);
    await small;
    expect(order).toEqual(['a1', 'large', 'small']);
  });

  it('frees the place of one who gives up, and passes them over', async () => {
    const { line, enter } = lineOf({ places: 1, limit: 2 });
    await enter('a', 'a1');
    const impatient = new AbortController();
    const gone = line.enter('b', impatient.signal);
    const patient = enter('b', 'b2');
    impatient.abort(new Error('enough'));
    await expect(gone).rejects.toThrow('enough');
    expect(line.size).toBe(2);
    line.leave('a');
    await patient;
    line.leave('b');
    expect(line.size).toBe(0);
    expect(() => line.enter('a', AbortSignal.abort(new Error('late')))).toThrow('late');
  });

  it('turns away everybody who would have to wait if waiting is not allowed', async () => {
    const { line, enter } = lineOf({ places: 1, limit: 0 });
    expect(line.isFull('a')).toBe(false);
    await enter('a', 'a1');
    expect(line.isFull('b')).toBe(true);
    await expect(enter('b', 'b1')).rejects.toBeInstanceOf(Displaced);
  });
});
