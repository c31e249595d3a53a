/** Real: everything. Fake: nothing. */
import { CostlyOperations } from '../../src/http/graphql/costly-operations';

describe('costly operations', () => {
  const one = { caller: 'key:1', kind: 'key' } as const;
  const other = { caller: 'key:2', kind: 'key' } as const;

  it('of one key run one after the other, those of another key beside them', async () => {
    const operations = new CostlyOperations();
    const order: string[] = [];
    const leave = await operations.enter(one, 10_000);
    const second = operations.enter(one, 10_000).then((done) => {
      order.push('second');
      return done;
    });
    const beside = await operations.enter(other, 10_000);
    order.push('beside');
    beside?.();
    leave?.();
    (await second)?.();
    expect(order).toEqual(['beside', 'second']);
    expect(await operations.enter(one, 10_000)).not.toBeNull();
  });

  it('are kept apart from small ones, and from those of an open service', async () => {
    const operations = new CostlyOperations();
    await operations.enter(one, 10_000);
    expect(await operations.enter(one, 5000)).toBeNull();
    expect(await operations.enter({ caller: 'open', kind: 'open' }, 10_000)).toBeNull();
  });
});
