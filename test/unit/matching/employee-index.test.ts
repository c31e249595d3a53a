import { v7 as uuidv7 } from 'uuid';
import { EmployeeIndex } from '../../../src/services/faces/matching/employee-index';
import { idOf, randomness } from '../../support/matching';

/** An index beside the list that it has to agree with: whose each row is. */
function makeIndex() {
  const index = new EmployeeIndex();
  const owners: string[] = [];
  const add = (employee: string): void => {
    index.prepare(employee, owners.length + 1);
    index.add(employee, owners.length);
    owners.push(employee);
  };
  const remove = (employee: string): void => {
    const rows = index.rowsOf(employee);
    index.remove(employee);
    for (const row of rows.sort((a, b) => b - a)) {
      const last = owners.length - 1;
      if (row !== last) index.move(last, row);
      index.clear(last);
      owners[row] = owners[last] as string;
      owners.pop();
    }
  };
  const expectAgreement = (employees: Iterable<string>): void => {
    expect(owners.map((_, row) => index.employeeOf(row))).toEqual(owners);
    const rows = new Map<string, number[]>();
    owners.forEach((owner, row) => rows.set(owner, [...(rows.get(owner) ?? []), row]));
    for (const employee of employees) {
      expect(index.rowsOf(employee).sort((a, b) => a - b)).toEqual(rows.get(employee) ?? []);
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
  const employees = Array.from({ length: 1500 }, (_, n) => make(n));
  const any = (): string => employees[Math.floor(random() * employees.length)] as string;
  for (let step = 0; step < 6000; step++) {
    if (random() < 0.7) add(any());
    else remove(any());
  }
  expect(owners.length).toBeGreaterThan(1000);
  expectAgreement(employees);
  for (const employee of employees) remove(employee);
  expect(owners).toEqual([]);
  expectAgreement(employees);
});

it('the index knows nobody by anything but a UUID in lower case', () => {
  const { index, add } = makeIndex();
  const employee = 'abcdefab-cdef-4bcd-8fab-cdefabcdefab';
  add(employee);
  expect(index.rowsOf(employee)).toEqual([0]);
  for (const other of ['', 'EMP-1', employee.toUpperCase(), `${employee}0`, employee.replaceAll('-', '')]) {
    expect(index.rowsOf(other)).toEqual([]);
    expect(() => index.prepare(other, 1)).toThrow(RangeError);
    index.remove(other);
  }
  expect(index.employeeOf(0)).toBe(employee);
});
