/** Real: the service with a geofence, Chromium, the built kiosk. Fake: the film, and where the tablet is. */
import { type Visit, visit } from '../support/web/browser';
import { describeInBrowser } from '../support/web/describe';
import { Installation } from '../support/web/installation';
import { outcome, pairKiosk } from '../support/web/kiosk-page';
import { readCheck, type SentRequest } from '../support/web/network';

const OFFICE = { latitude: 52.52, longitude: 13.405 };
const HOPPER = [{ show: 'grace-hopper.jpg', seconds: 2 }];

describeInBrowser('the kiosk of an office with a geofence', () => {
  let place: Installation;
  let opened: Visit;

  beforeAll(async () => {
    place = await Installation.start();
    await place.ask('mutation ($input: UpdateOfficeInput!) { updateOffice(input: $input) { id } }', {
      input: { id: place.office.id, ...OFFICE, radiusMeters: 100 },
    });
    await place.enrol('Grace Hopper', 'GH-1906', 'grace-hopper-2.jpg');
  });
  afterEach(() => opened.close());
  afterAll(() => place.stop());

  /** As kiosks are that were paired before devices were told apart. */
  const pairMobile = async (page: Visit['page']): Promise<void> => {
    await place.service.sql(`CREATE OR REPLACE FUNCTION mobile() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN NEW.device := 'MOBILE'; RETURN NEW; END $$`);
    await place.service.sql(
      'CREATE OR REPLACE TRIGGER mobile BEFORE INSERT ON api_keys FOR EACH ROW EXECUTE FUNCTION mobile()',
    );
    await pairKiosk(page, place);
  };

  it('is at its office wherever it says it is, once it is paired', async () => {
    opened = await visit({ film: HOPPER });
    await pairKiosk(opened.page, place);
    expect(await outcome(opened.page)).toMatch(/Grace Hopper/);
    await opened.close();
    opened = await visit({ film: HOPPER, position: { latitude: -33.4, longitude: -70.6 } });
    await pairKiosk(opened.page, place);
    expect(await outcome(opened.page)).toMatch(/Grace Hopper/);
    const { attendances } = await place.ask<{ attendances: { nodes: object[] } }>(
      '{ attendances { nodes { distanceFromOffice proof { place } } } }',
    );
    const punch = { distanceFromOffice: null, proof: { place: 'FIXED' } };
    expect(attendances.nodes).toEqual([punch, punch]);
    await place.service.sql('DELETE FROM attendances');
  });

  it('sends where it is with each check', async () => {
    opened = await visit({ film: HOPPER, position: { latitude: 52.5203, longitude: 13.405 } });
    await pairMobile(opened.page);
    expect(await outcome(opened.page)).toMatch(/Grace Hopper/);
    const { attendances } = await place.ask<{ attendances: { nodes: { distanceFromOffice: number }[] } }>(
      '{ attendances { nodes { distanceFromOffice } } }',
    );
    expect(attendances.nodes).toHaveLength(1);
    expect(attendances.nodes[0]?.distanceFromOffice).toBeCloseTo(33.4, 0);
    const { input, photo } = await readCheck(place.network.checks.at(-1) as SentRequest);
    expect(input).toMatchObject({ latitude: 52.5203, longitude: 13.405, officeId: place.office.id });
    expect(input['requestId']).toMatch(/^[0-9a-f-]{36}$/);
    expect(photo.subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]));
  });

  it('says how far away it is, and what to do, where that is too far', async () => {
    opened = await visit({ film: HOPPER, position: { latitude: 52.53, longitude: 13.405 } });
    await pairMobile(opened.page);
    expect(await outcome(opened.page)).toMatch(
      /You are outside the office\s+You are 1\.1 km from Head office\. Go there and try again, or ask HR/,
    );
    expect(await place.punches()).toHaveLength(1);
  });

  it('says that a position is needed where the tablet tells none', async () => {
    opened = await visit({ film: HOPPER });
    await pairMobile(opened.page);
    expect(await outcome(opened.page)).toMatch(
      /I do not know where this tablet is\s+Allow this page to use the location/,
    );
  });
});
