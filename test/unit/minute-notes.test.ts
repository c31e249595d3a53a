/** Real: the notes. Fake: the clock. */
import { MinuteNotes } from '../../src/services/audit/minute-notes';

describe('what somebody may do as often as they like', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('is told to the audit trail once the minute is over, as one event', () => {
    const told: [string, number][] = [];
    const notes = new MinuteNotes(({ action }, count) => told.push([action, count]));
    const by = { caller: 'anonymous', address: '10.0.0.1' };
    for (let second = 0; second < 59; second++) {
      const at = new Date();
      notes.note({ action: 'access.refused', outcome: 'UNAUTHENTICATED', claimed: null, by, at });
      jest.advanceTimersByTime(1000);
    }
    expect(told).toEqual([]);
    jest.advanceTimersByTime(2000);
    expect(told).toEqual([['access.refused', 59]]);
    jest.advanceTimersByTime(120_000);
    expect(told).toHaveLength(1);
  });
});
