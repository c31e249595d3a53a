/** Real: the time zones of this Node. */
import { wallClockIn } from '../../../web/src/shared/time';
import { momentsOf } from '../../../web/src/shared/wall-clock';

const moments = (local: string, zone: string): string[] =>
  momentsOf(local, zone).map((moment) => moment.toISOString().slice(0, 16));

describe('a time on the wall of an office', () => {
  it.each([
    ['2026-03-03T09:00', 'Europe/Berlin', '2026-03-03T08:00'],
    ['2026-07-03T09:00', 'Europe/Berlin', '2026-07-03T07:00'],
    ['2026-07-03T00:15', 'Asia/Kathmandu', '2026-07-02T18:30'],
    ['2026-07-03T23:45', 'Pacific/Kiritimati', '2026-07-03T09:45'],
  ])('%s in %s is one moment', (local, zone, moment) => {
    expect(moments(local, zone)).toEqual([moment]);
  });

  it.each([
    ['2026-03-29T02:00', 'Europe/Berlin'],
    ['2026-03-29T02:59', 'Europe/Berlin'],
    ['2026-10-04T02:15', 'Australia/Lord_Howe'],
    // A whole day that Samoa left out.
    ['2011-12-30T12:00', 'Pacific/Apia'],
  ])('%s in %s is no moment: the clocks skip it', (local, zone) => {
    expect(moments(local, zone)).toEqual([]);
  });

  it.each([
    ['2026-10-25T02:30', 'Europe/Berlin', '2026-10-25T00:30', '2026-10-25T01:30'],
    ['2026-04-05T01:45', 'Australia/Lord_Howe', '2026-04-04T14:45', '2026-04-04T15:15'],
  ])('%s in %s is two moments, the earlier one first', (local, zone, first, second) => {
    expect(moments(local, zone)).toEqual([first, second]);
  });

  it('is read back as it was written', () => {
    for (let at = Date.UTC(2026, 9, 24); at < Date.UTC(2026, 9, 26); at += 15 * 60_000) {
      const found = momentsOf(wallClockIn('Europe/Berlin', new Date(at)), 'Europe/Berlin');
      expect(found.map(Number)).toContain(at);
    }
  });

  it('is no moment if nothing is filled in', () => {
    expect(moments('', 'Europe/Berlin')).toEqual([]);
  });
});
