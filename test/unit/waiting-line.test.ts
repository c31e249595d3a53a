/** Real: the line. Fake: nothing. */
import { WaitingLine } from '../../src/services/faces/engine/waiting-line';

const never = new AbortController().signal;

it('a waiting line gives places in order, and is full when nobody else may wait', async () => {
  const line = new WaitingLine(1, 2);
  const order: string[] = [];
  const enter = (name: string): Promise<void> => line.enter(never).then(() => void order.push(name));
  await enter('first');
  expect(line.full).toBe(false);
  const others = [enter('second'), enter('third')];
  expect([line.full, line.size]).toEqual([true, 3]);
  line.leave();
  await others[0];
  expect([line.full, line.size]).toEqual([false, 2]);
  line.leave();
  await others[1];
  line.leave();
  expect(order).toEqual(['first', 'second', 'third']);
  expect(line.size).toBe(0);
});

it('a waiting line frees the place of one who gives up, and passes them over', async () => {
  const line = new WaitingLine(1, 2);
  await line.enter(never);
  const impatient = new AbortController();
  const gone = line.enter(impatient.signal);
  const patient = line.enter(never);
  impatient.abort(new Error('enough'));
  await expect(gone).rejects.toThrow('enough');
  expect([line.full, line.size]).toEqual([false, 2]);
  line.leave();
  await patient;
  line.leave();
  expect(line.size).toBe(0);
});

it('a waiting line lets nobody in who has given up before', () => {
  const line = new WaitingLine(1, 1);
  expect(() => line.enter(AbortSignal.abort(new Error('late')))).toThrow('late');
  expect(line.size).toBe(0);
});

it('a waiting line turns everybody away who would have to wait where nobody may', async () => {
  const line = new WaitingLine(2, 0);
  await line.enter(never);
  expect(line.full).toBe(false);
  await line.enter(never);
  expect(line.full).toBe(true);
});
