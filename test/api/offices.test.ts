/** Real: the service over HTTP on the database of the run. Fake: nothing. */
import { CREATE_OFFICE, register } from '../support/operations';
import { TestService } from '../support/service';

const UPDATE = `mutation ($input: UpdateOfficeInput!) {
  updateOffice(input: $input) { id name latitude longitude radiusMeters timeZone }
}`;
const DELETE = 'mutation ($id: ID!) { deleteOffice(id: $id) }';
const FENCED = {
  name: 'Lima',
  latitude: -12.0464,
  longitude: -77.0428,
  radiusMeters: 150,
  timeZone: 'America/Lima',
};

interface Created {
  readonly createOffice: { readonly id: string };
}

describe('offices', () => {
  let service: TestService;
  const create = async (input: object): Promise<string> =>
    (await service.ask<Created>(CREATE_OFFICE, { input })).createOffice.id;

  beforeAll(async () => {
    service = await TestService.start();
  });
  afterAll(() => service.stop());

  it('are created with a geofence or without one, and listed by name', async () => {
    const lima = await create(FENCED);
    const anywhere = await create({ name: 'Anywhere' });
    expect(await service.ask('{ offices { id name latitude longitude radiusMeters timeZone } }')).toEqual({
      offices: [
        {
          id: anywhere,
          name: 'Anywhere',
          latitude: null,
          longitude: null,
          radiusMeters: null,
          timeZone: 'UTC',
        },
        { id: lima, ...FENCED },
      ],
    });
  });

  it.each([
    [{ latitude: 1 }, 'longitude'],
    [{ latitude: 1, longitude: 1 }, 'radiusMeters'],
    [{ radiusMeters: 10 }, 'latitude'],
  ])('refuse part of a geofence: %j', async (part, field) => {
    const fault = await service.fault(CREATE_OFFICE, { input: { name: 'Half', ...part } });
    expect(fault.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field });
  });

  it.each(['Mars/Olympus', '', '+01:00', 'UTC\u0000', 'x'.repeat(100)])(
    'refuse %j as a time zone',
    async (timeZone) => {
      const fault = await service.fault(CREATE_OFFICE, { input: { name: 'Zone', timeZone } });
      expect(fault.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'timeZone' });
    },
  );

  it('change in part, lose their geofence as a whole, and never keep half of one', async () => {
    const id = await create(FENCED);
    const { updateOffice } = await service.ask<{ updateOffice: object }>(UPDATE, {
      input: { id, name: 'Lima Centro', radiusMeters: 50 },
    });
    expect(updateOffice).toEqual({ id, ...FENCED, name: 'Lima Centro', radiusMeters: 50 });
    const half = await service.fault(UPDATE, { input: { id, latitude: null } });
    expect(half.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'latitude' });
    const open = await service.ask<{ updateOffice: object }>(UPDATE, {
      input: { id, latitude: null, longitude: null, radiusMeters: null },
    });
    expect(open.updateOffice).toMatchObject({ latitude: null, longitude: null, radiusMeters: null });
  });

  it('cannot be changed or deleted if there is none', async () => {
    for (const id of ['nonsense', '00000000-0000-7000-8000-000000000000']) {
      expect((await service.fault(UPDATE, { input: { id, name: 'x' } })).extensions.code).toBe('NOT_FOUND');
      expect((await service.fault(DELETE, { id })).extensions.code).toBe('NOT_FOUND');
    }
  });

  it('are deleted only once no employee belongs to them', async () => {
    const id = await create({ name: 'Busy' });
    await register(service, { officeId: id });
    expect((await service.fault(DELETE, { id })).extensions.code).toBe('CONFLICT');
    await service.ask(
      'mutation ($input: UpdateEmployeeInput!) { updateEmployee(input: $input) { employeeId } }',
      { input: { employeeId: 'EMP-1', officeId: null } },
    );
    expect(await service.ask(DELETE, { id })).toEqual({ deleteOffice: true });
  });
});
