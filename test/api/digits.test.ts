/** Real: the service over HTTP, the database. Fake: nothing. */
import { westernDigits } from '../../src/services/text/western-digits';
import { westernDigits as inPages } from '../../web/src/shared/digits';
import { check, register } from '../support/operations';
import { TestService } from '../support/service';

const SCRIPTS = [
  ['Arabic', '٠١٢٣٤٥٦٧٨٩'],
  ['Persian', '۰۱۲۳۴۵۶۷۸۹'],
  ['Devanagari', '०१२३४५६७८९'],
  ['full-width', '０１２３４５６７８９'],
] as const;

let service: TestService;

beforeAll(async () => {
  service = await TestService.start();
  await register(service, { employeeId: 'E-٠١٢٣٤٥٦٧٨٩', name: 'Grace ۲' });
});
afterAll(() => service.stop());

it.each(SCRIPTS)('%s digits are digits, in pages as in the service', (_script, digits) => {
  expect([westernDigits(`a${digits}b`), inPages(`a${digits}b`)]).toEqual(['a0123456789b', 'a0123456789b']);
});

it.each(SCRIPTS)('an employeeId in %s digits is found, checked and searched', async (_script, digits) => {
  const { employee } = await service.ask<{ employee: { employeeId: string } }>(
    'query Find($id: String!) { employee(employeeId: $id) { employeeId } }',
    { id: `e-${digits}` },
  );
  expect(employee.employeeId).toBe('E-0123456789');
  const answer = await check(service, { employeeId: `E-${digits}` });
  expect(['RECORDED', 'ALREADY_RECORDED']).toContain(answer.status);
  const lists = `query Lists($text: String!, $two: String!, $id: String!) {
    byId: employees(filter: { search: $text }) { totalCount }
    byName: employees(filter: { search: $two }) { totalCount }
    attendances(filter: { employeeId: $id }) { totalCount }
  }`;
  const found = { text: digits.slice(3, 6), two: `Grace ${digits[2]}`, id: `E-${digits}` };
  expect(await service.ask(lists, found)).toMatchObject({
    byId: { totalCount: 1 },
    byName: { totalCount: 1 },
    attendances: { totalCount: 1 },
  });
});
