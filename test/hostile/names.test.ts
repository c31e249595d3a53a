/** Real: the service over HTTP, the database. Fake: nothing; names from before the rule are written into the database. */
// cspell:disable -- names of people in many scripts
import { CREATE_KEY } from '../support/access';
import { CREATE_OFFICE, hopper, REGISTER, register } from '../support/operations';
import { TestService } from '../support/service';

let service: TestService;

beforeAll(async () => {
  service = await TestService.start({ env: { FACE_WORKERS: '0' } });
});
afterEach(() => service.reset());
afterAll(() => service.stop());

const hidden = ['Grace\u200bHopper', '\ufeffGrace', 'Grace\u202e', 'Gr\u2066ace', 'Gra\u200dce', 'علی\u200c'];
const UPDATE = 'mutation ($input: UpdateEmployeeInput!) { updateEmployee(input: $input) { name } }';
const UPDATE_OFFICE =
  'mutation ($input: UpdateOfficeInput!) { updateOffice(input: $input) { name timeZone } }';

it.each(hidden)('a new name does not contain characters that nobody sees: %j', async (name) => {
  const refusal = {
    message: expect.stringContaining('invisible') as string,
    extensions: { code: 'BAD_USER_INPUT', field: 'name' },
  };
  const input = { name, employeeId: 'EMP-9', ...hopper };
  expect(await service.fault(REGISTER, { input })).toMatchObject(refusal);
  expect(await service.fault(CREATE_OFFICE, { input: { name } })).toMatchObject(refusal);
  expect(await service.fault(CREATE_KEY, { input: { name, role: 'HR' } })).toMatchObject(refusal);
  await register(service);
  expect(await service.fault(UPDATE, { input: { employeeId: 'EMP-1', name } })).toMatchObject(refusal);
});

it('neither do names of plans', async () => {
  const name = 'Day\u202e';
  const { createOffice } = await service.ask(CREATE_OFFICE, { input: { name: 'Lima' } });
  const shift = { name, segments: [{ from: '09:00', to: '17:00' }] };
  for (const [type, field, input] of [
    ['CreateShiftInput', 'createShift', shift],
    ['AddHolidayInput', 'addHoliday', { name, date: '2026-01-01', officeId: createOffice.id }],
  ] as const) {
    const document = `mutation ($input: ${type}!) { ${field}(input: $input) { id } }`;
    const { extensions } = await service.fault(document, { input });
    expect(extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'name' });
  }
});

it.each(['علی\u200cرضا', 'ශ්\u200dරී', 'ജോണ്\u200d'])('a name keeps what its script needs: %s', async (name) => {
  expect((await register(service, { name })).employee.name).toBe(name);
});

it('a stored name with such a character stays, and its employee can be changed', async () => {
  await register(service);
  const name = 'Grace\u200bHopper';
  await service.sql('UPDATE employees SET name = $1', [name]);
  const { createOffice } = await service.ask(CREATE_OFFICE, { input: { name: 'Lima' } });
  await service.sql('UPDATE offices SET name = $1', [name]);
  const change = (input: Readonly<Record<string, unknown>>): Promise<unknown> =>
    service.ask(UPDATE, { input: { employeeId: 'EMP-1', ...input } });
  expect(await change({ officeId: createOffice.id })).toEqual({ updateEmployee: { name } });
  expect(await change({ name, officeId: null })).toEqual({ updateEmployee: { name } });
  const input = { id: createOffice.id, name, timeZone: 'America/Lima' };
  expect(await service.ask(UPDATE_OFFICE, { input })).toEqual({
    updateOffice: { name, timeZone: 'America/Lima' },
  });
  expect(await change({ name: 'Grace Hopper' })).toEqual({ updateEmployee: { name: 'Grace Hopper' } });
});

it.each(['.', '..', '...', '.'.repeat(64)])('a new employeeId is more than dots: %s', async (employeeId) => {
  const fault = await service.fault(REGISTER, { input: { name: 'Grace', employeeId, ...hopper } });
  expect(fault.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'employeeId' });
});

it('an employeeId may begin and end with a dot', async () => {
  expect((await register(service, { employeeId: '.a.' })).employee.employeeId).toBe('.a.');
});
