/** Real: the page's rules and texts. Fake: looks. */
import { FaceFault } from '@rollcall/face-rules';
import { hasLeft, hintFor, Steadiness } from '../../../web/src/face/guidance';
import type { Look } from '../../../web/src/face/protocol';
import { Punches } from '../../../web/src/board/roster';
import type { Punch } from '../../../web/src/api';
import { fill, preferredLanguage } from '../../../web/src/messages';

const look = (x: number, height: number, fault: FaceFault | null = null): Look => ({
  fault,
  face: {
    box: { x: x - height / 2, y: 0.5 - height / 2, width: height, height },
    pose: { yaw: 0, pitch: 0, roll: 0 },
    mouthOpening: 0,
  },
});
const NOBODY: Look = { fault: FaceFault.NO_FACE, face: null };

describe('the guidance of the kiosk', () => {
  it('says the one thing to mend first', () => {
    expect(hintFor(NOBODY)).toBe('look');
    expect(hintFor(look(0.5, 0.5, FaceFault.TOO_DARK))).toBe('light');
    expect(hintFor(look(0.5, 0.2))).toBe('closer');
    expect(hintFor(look(0.5, 0.9))).toBe('back');
    expect(hintFor(look(0.9, 0.5))).toBe('centre');
    expect(hintFor(look(0.5, 0.5))).toBe('hold');
  });

  it('takes a face once it has held still, and not one that passes', () => {
    const steadiness = new Steadiness();
    const add = (next: Look): boolean => steadiness.add(next, hintFor(next));
    expect([add(look(0.4, 0.5)), add(look(0.5, 0.5)), add(look(0.6, 0.5))]).toEqual([false, false, false]);
    expect([add(look(0.6, 0.5)), add(look(0.61, 0.5))]).toEqual([false, true]);
    expect(add(NOBODY)).toBe(false);
    expect(add(look(0.5, 0.5))).toBe(false);
  });

  it('lets the next one in when the last one has gone or another took the place, not for a blink', () => {
    expect(hasLeft(look(0.5, 0.5), look(0.51, 0.5), 0)).toBe(false);
    expect(hasLeft(look(0.5, 0.5), NOBODY, 1)).toBe(false);
    expect(hasLeft(NOBODY, NOBODY, 2)).toBe(true);
    expect(hasLeft(look(0.2, 0.4), look(0.7, 0.4), 0)).toBe(true);
  });
});

describe('the roster of the board', () => {
  const punch = (id: string, employeeId: string, type: 'LOGIN' | 'LOGOUT', minute: number): Punch => ({
    id,
    type,
    recordedAt: `2026-01-01T08:${String(minute).padStart(2, '0')}:00.000Z`,
    offline: false,
    employee: { employeeId, name: employeeId },
    office: null,
  });

  it('goes by the newest punch of each, whatever the order they come in, and counts each once', () => {
    const punches = new Punches();
    expect(punches.add([punch('3', 'A', 'LOGOUT', 30), punch('1', 'A', 'LOGIN', 10)])).toBe(true);
    expect(punches.add([punch('2', 'B', 'LOGIN', 20)])).toBe(true);
    expect(punches.add([punch('2', 'B', 'LOGIN', 20)])).toBe(false);
    const roster = punches.roster();
    expect(roster.in.map(({ id }) => id)).toEqual(['2']);
    expect(roster.out.map(({ id }) => id)).toEqual(['3']);
    expect(roster.last.map(({ id }) => id)).toEqual(['3', '2', '1']);
    punches.forgetBefore(new Date('2026-01-01T08:25:00Z'));
    expect(punches.roster().last.map(({ id }) => id)).toEqual(['3']);
  });
});

describe('the language of a page', () => {
  it('is that of ?lang, then the browser’s, then English', () => {
    expect(preferredLanguage('?lang=ar', ['de-DE'])).toBe('ar');
    expect(preferredLanguage('?lang=tlh', ['fr-CA', 'en'])).toBe('fr');
    expect(preferredLanguage('', ['ja', 'sv'])).toBe('en');
    expect(preferredLanguage('?lang=constructor', [])).toBe('en');
  });

  it('leaves what it has no value for, and does not fill what a name contains', () => {
    expect(fill('{name} {time}', { name: '{time}' })).toBe('{time} {time}');
  });
});
