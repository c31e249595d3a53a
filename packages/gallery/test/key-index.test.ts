import { v7 as uuidv7 } from 'uuid';
import { KeyIndex } from '#src/key-index';
import { idOf, randomness } from './vectors';

/** An index beside the list that it has to agree with: whose each row is. */
function makeIndex() {
  const index = new KeyIndex();
  const owners: string[] = [];
  const add = (key: string): void => {
    index.prepare(key, owners.length + 1);
    index.add(key, owners.length);
    owners.push(key);
  };
  const remove = (key: string): void => {
    const rows = index.rowsOf(key);
    index.remove(key);
    for (const row of rows.sort((a, b) => b - a)) {
      const last = owners.length - 1;
      if (row !== last) index.move(last, row);
      index.clear(last);
      owners[row] = owners[last] as string;
      owners.pop();
    }
  };
  const expectAgreement = (keys: Iterable<string>): void => {
    expect(owners.map((_, row) => index.keyOf(row))).toEqual(owners);
    const rows = new Map<string, number[]>();
    owners.forEach((owner, row) => rows.set(owner, [...(rows.get(owner) ?? []), row]));
    for (const key of keys) {
      expect(index.rowsOf(key).sort((a, b) => a - b)).toEqual(rows.get(key) ?? []);
    }
  };
  return { index, owners, add, remove, expectAgreement };
}

it.each([
  ['ids of version 7', () => uuidv7()],
  ['ids that follow each other', (n: number) => idOf(n)],
  [
    'ids that differ in their first digits',
    (n: number) => `${n.toString(16).padStart(8, '0')}${idOf(7).slice(8)}`,
  ],
])('the index agrees with a plain list while thousands come and go: %s', (_, make) => {
  const random = randomness(4);
  const { owners, add, remove, expectAgreement } = makeIndex();
  const keys = Array.from({ length: 1500 }, (_, n) => make(n));
  const any = (): string => keys[Math.floor(random() * keys.length)] as string;
  for (let step = 0; step < 6000; step++) {
    if (random() < 0.7) add(any());
    else remove(any());
  }
  expect(owners.length).toBeGreaterThan(1000);
  expectAgreement(keys);
  for (const key of keys) remove(key);
  expect(owners).toEqual([]);
  expectAgreement(keys);
});

it('the index knows nobody by anything but a UUID in lower case', () => {
  const { index, add } = makeIndex();
  const key = 'abcdefab-cdef-4bcd-8fab-cdefabcdefab';
  add(key);
  expect(index.rowsOf(key)).toEqual([0]);
  for (const other of ['', 'EMP-1', key.toUpperCase(), `${key}0`, key.replaceAll('-', '')]) {
    expect(index.rowsOf(other)).toEqual([]);
    expect(() => index.prepare(other, 1)).toThrow(RangeError);
    index.remove(other);
  }
  expect(index.keyOf(0)).toBe(key);
});
