/** Real: the service with a geofence, Chromium, the built kiosk. Fake: the film, and where the tablet is. */
import { type Visit, visit } from '../support/web/browser';
import { describeInBrowser } from '../support/web/describe';
import { Installation } from '../support/web/installation';
import { outcome, pairKiosk } from '../support/web/kiosk-page';
import { readCheck, type SentRequest } from '../support/web/network';
import { LONG_MS } from '../support/web/patience';
import { until } from '../support/until';

const OFFICE = { latitude: 52.52, longitude: 13.405 };
interface Stored {
  attendances: { nodes: { offline: boolean; positionAccuracyMeters: number | null }[] };
}
const STORED = '{ attendances { nodes { offline positionAccuracyMeters } } }';

/** A position that the tablet determined within POSITION_MAX_AGE_SECONDS before the check. */
function expectFresh(input: Readonly<Record<string, unknown>>): void {
  expect(input['positionAccuracyMeters']).toBe(12);
  const at = Date.parse((input['capturedAt'] ?? input['deviceTime']) as string);
  const age = at - Date.parse(input['positionTakenAt'] as string);
  expect(age).toBeGreaterThanOrEqual(0);
  expect(age).toBeLessThan(120_000);
}

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

  it('sends how accurate the position is, and when it was determined, also with a saved punch', async () => {
    opened = await visit({ film: HOPPER, position: { latitude: 52.5203, longitude: 13.405, accuracy: 12 } });
    const { page } = opened;
    await pairKiosk(page, place);
    expect(await outcome(page)).toMatch(/Grace Hopper/);
    const online = await readCheck(place.network.checks.at(-1) as SentRequest);
    expectFresh(online.input);
    // The next punch is saved, and sent once the network is there again.
    await place.network.down();
    await page.locator('.outcome button').first().click();
    await page.locator('.badge.waiting').waitFor();
    await place.network.up();
    const punches = await until(
      () => place.ask<Stored>(STORED),
      ({ attendances }) => attendances.nodes.some(({ offline }) => offline),
      LONG_MS,
    );
    const saved = punches.attendances.nodes.find(({ offline }) => offline);
    expect(saved?.positionAccuracyMeters).toBe(12);
    const { input } = await readCheck(place.network.checks.at(-1) as SentRequest);
    expect(input['capturedAt']).toBeDefined();
    expectFresh(input);
  });

  it('says what to do if the position is too inaccurate to decide, and sends a better one at the next try', async () => {
    const before = await place.punches();
    const film = [...HOPPER, { show: null, seconds: 2 }];
    opened = await visit({ film, position: { latitude: 52.5203, longitude: 13.405, accuracy: 400 } });
    const { page, context } = opened;
    await pairKiosk(page, place);
    expect(await outcome(page)).toMatch(
      /Your position is not certain\s+Wait a moment, go to a window or outside, and try again/,
    );
    expect(await page.locator('.outcome button').allTextContents()).toHaveLength(1);
    expect(await place.punches()).toHaveLength(before.length);
    // With the first try the page has asked for a better one.
    const devtools = await context.newCDPSession(page);
    const better = { latitude: 52.5203, longitude: 13.405, accuracy: 8 };
    await devtools.send('Emulation.setGeolocationOverride', better);
    // Walks away and comes back.
    await until(
      () => place.punches(),
      (punches) => punches.length > before.length,
      LONG_MS,
    );
  });

  it('says how far away it is, and what to do, if that is too far', async () => {
    const before = await place.punches();
    opened = await visit({ film: HOPPER, position: { latitude: 52.53, longitude: 13.405 } });
    await pairMobile(opened.page);
    expect(await outcome(opened.page)).toMatch(
      /You are outside the office\s+You are 1\.1 km from Head office\. Go there and try again, or ask HR/,
    );
    expect(await place.punches()).toEqual(before);
  });

  it('says that a position is needed if the tablet sends none', async () => {
    opened = await visit({ film: HOPPER });
    await pairMobile(opened.page);
    expect(await outcome(opened.page)).toMatch(
      /I do not know where this tablet is\s+Allow this page to use the location/,
    );
  });
});
