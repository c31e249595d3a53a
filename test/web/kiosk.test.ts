/** Real: the service and its face engine, Chromium, the built pages. Fake: the camera's film. */
import { violations } from '../support/web/axe';
import { closingVisits } from '../support/web/closing-visits';
import { describeInBrowser } from '../support/web/describe';
import { Installation } from '../support/web/installation';
import { outcome, pairKiosk, says, takeNotes, typeNumber } from '../support/web/kiosk-page';

/** The page's own; a busy browser's timers are late, never early, and a notice without one would stand for ever. */
const NOTICE_MS = 4000;
const LATE_MS = 20_000;

describeInBrowser('the kiosk', () => {
  let place: Installation;
  const open = closingVisits();

  beforeAll(async () => {
    place = await Installation.withGrace();
  });
  afterAll(() => place.stop());

  it('recognises somebody who stands still, says name, direction and time of the office, and is ready again after 4 s', async () => {
    const { page, errors } = await open({
      film: [
        { show: 'grace-hopper.jpg', seconds: 6 },
        { show: null, seconds: 3 },
      ],
    });
    const notes = await takeNotes(page);
    await pairKiosk(page, place);
    const text = await outcome(page);
    const [punch] = await place.punches();
    const berlin = new Intl.DateTimeFormat('en-GB', {
      hour: '2-digit',
      minute: '2-digit',
      timeZone: 'Europe/Berlin',
    }).format(new Date(punch?.recordedAt ?? ''));
    expect(text).toMatch(/^Good (morning|afternoon|evening), Grace Hopper\s+Login /);
    // The browser is in Tokyo.
    expect(text).toContain(`Login ${berlin}`);
    expect(await page.locator('.bar .clock').innerText()).toMatch(new RegExp(`^${berlin.slice(0, 3)}|:00$`));
    // Told by a shape and two rising tones besides the colour.
    const told = await notes();
    expect(told.notices).toEqual([{ tone: 'good', shape: 'circle', ways: ['Next person'] }]);
    expect(told.tones).toEqual([659, 988]);
    await page.locator('.outcome').waitFor({ state: 'detached' });
    const { phases } = await notes();
    const shown = phases.findIndex(({ kind }) => kind === 'notice');
    const stood = (phases[shown + 1]?.at ?? NaN) - (phases[shown]?.at ?? NaN);
    expect(stood).toBeGreaterThan(NOTICE_MS - 100);
    expect(stood).toBeLessThan(NOTICE_MS + LATE_MS);

    // She leaves, and comes back: that is the next punch, and not before.
    expect(await outcome(page)).toMatch(/^Goodbye, Grace Hopper\s+Logout/);
    const kinds = (await notes()).phases.slice(shown).map(({ kind }) => kind);
    const again = kinds.indexOf('notice', 1);
    expect(kinds.slice(0, 3)).toEqual(['notice', 'leaving', 'looking']);
    // A film on a busy machine may end before she is seen; then the page looks again.
    expect(kinds.slice(3, again)).toContain('checking');
    expect(kinds.slice(3, again).filter((kind) => kind !== 'looking' && kind !== 'checking')).toEqual([]);
    expect((await place.punches()).slice(0, 2)).toMatchObject([
      { employeeId: 'GH-1906', type: 'LOGIN' },
      { employeeId: 'GH-1906', type: 'LOGOUT' },
    ]);
    // The one complaint is the server's 401 before the pairing.
    expect(errors.filter((text) => !text.includes('401'))).toEqual([]);
  });

  it('refuses somebody else, says what to do, and offers the number; the number does not help a stranger', async () => {
    const before = (await place.punches()).length;
    const { page } = await open({ film: [{ show: 'eileen-collins.jpg', seconds: 2 }] });
    const notes = await takeNotes(page);
    await pairKiosk(page, place);
    expect(await outcome(page)).toMatch(/I do not recognise you[\s\S]*or type your number/);
    const told = await notes();
    expect(told.notices).toEqual([{ tone: 'bad', shape: 'rect', ways: ['Try again', 'Type my number'] }]);
    expect(told.tones).toEqual([262, 196]);
    await typeNumber(page, 'GH-1906');
    expect(await outcome(page)).toMatch(/That is not the face for this number[\s\S]*HR/);
    await typeNumber(page, 'NOBODY');
    expect(await outcome(page)).toMatch(/This number does not exist[\s\S]*HR/);
    expect((await place.punches()).length).toBe(before);
  });

  it('tells somebody of another office where they belong', async () => {
    const { createOffice } = await place.ask<{ createOffice: { id: string } }>(
      'mutation { createOffice(input: { name: "Lima" }) { id } }',
    );
    await place.enrol('Eileen Collins', 'EC-1956', 'eileen-collins-2.jpg', { officeId: createOffice.id });
    const { page, errors } = await open({ film: [{ show: 'eileen-collins.jpg', seconds: 2 }] });
    await pairKiosk(page, place);
    // The face alone is looked for among the people of this office.
    expect(await outcome(page)).toMatch(/I do not recognise you/);
    await typeNumber(page, 'EC-1956');
    expect(await outcome(page)).toMatch(/You belong to another office[\s\S]*HR/);
    expect(errors.filter((text) => !text.includes('401'))).toEqual([]);
  });

  it('says what to do without a camera', async () => {
    const { page } = await open({ film: null });
    await pairKiosk(page, place);
    await says(page, 'The camera is not available');
    expect(await violations(page)).toEqual([]);
  });
});
