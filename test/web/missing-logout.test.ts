/** Real: the service and its face engine, Chromium, the built pages. Fake: the camera's film; the earlier punch is written without a face. */
import { punch } from '../support/working-days';
import { violations } from '../support/web/axe';
import { visit } from '../support/web/browser';
import { describeInBrowser } from '../support/web/describe';
import { Installation } from '../support/web/installation';
import { pairKiosk } from '../support/web/kiosk-page';

/** Longer than a LOGIN counts as open. */
const AGO_MS = 40 * 3_600_000;

describeInBrowser('the kiosk says that a logout is missing', () => {
  let place: Installation;

  beforeAll(async () => {
    place = await Installation.withGrace();
  });
  afterAll(() => place.stop());

  it.each([
    ['en-GB', (day: string) => `No logout on ${day}. Tell HR.`],
    // cspell:disable-next-line
    ['ar', (day: string) => `لم يُسجَّل الخروج يوم ${day}. أبلغ الموارد البشرية.`],
  ])('on which day, where screen readers read it at once (%s)', async (language, sentence) => {
    await place.service.sql('DELETE FROM attendances');
    const [row] = await place.service.sql<{ id: string }>('SELECT id FROM employees');
    const at = new Date(Date.now() - AGO_MS);
    await punch(place.service, row?.id ?? '', [{ type: 'LOGIN', at: at.toISOString() }]);
    const visited = await visit({ film: [{ show: 'grace-hopper.jpg', seconds: 2 }] });
    const { page, errors } = visited;
    try {
      await pairKiosk(page, place, `?lang=${language.slice(0, 2)}`);
      const date = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Berlin' }).format(at);
      const day = new Intl.DateTimeFormat(language, {
        ...{ weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' },
      }).format(new Date(`${date}T00:00:00Z`));
      const alert = page.getByRole('alert').filter({ hasText: sentence(day) });
      await alert.waitFor();
      expect(await alert.getAttribute('class')).toBe('outcome good');
      expect(await violations(page)).toEqual([]);
      expect(errors.filter((text) => !text.includes('401'))).toEqual([]);
    } finally {
      await visited.close();
    }
  });
});
