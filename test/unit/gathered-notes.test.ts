/** Real: the notes. Fake: the clock. */
import { GatheredNotes, MINUTE } from '../../src/services/audit/gathered-notes';

describe('what somebody may do as often as they like', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('is written to the audit trail once the minute is over, as one event', () => {
    const told: [string, number][] = [];
    const notes = new GatheredNotes(MINUTE, () =>
      told.push(...notes.take().notes.map(({ note, count }) => [note.action, count] as [string, number])),
    );
    const by = { caller: 'anonymous', address: '10.0.0.1' };
    for (let second = 0; second < 59; second++) {
      const at = new Date();
      notes.add({ action: 'access.refused', outcome: 'UNAUTHENTICATED', claimed: null, by, at });
      jest.advanceTimersByTime(1000);
    }
    expect(told).toEqual([]);
    jest.advanceTimersByTime(2000);
    expect(told).toEqual([['access.refused', 59]]);
    jest.advanceTimersByTime(120_000);
    expect(told).toHaveLength(1);
  });
});
