import { useState } from 'preact/hooks';
import type { Api, ReviewItem } from '../api';
import { fill, texts } from '../messages';
import { isFault } from '../shared/faults';
import { Photo } from '../shared/photo';
import { momentIn } from '../shared/time';
import { momentOf, TimeField, wallTimeOf } from '../shared/time-field';

interface Props {
  readonly api: Api;
  readonly item: ReviewItem;
  readonly onDecided: () => void;
}

/** One saved punch: what is known of it, and the decision. */
export function ReviewCard({ api, item, onDecided }: Props) {
  const { enrol, common, directions } = texts();
  const words = enrol.reviews;
  // Punches that are there already have nothing to accept.
  const isPunch = item.capturedAt !== null;
  const moment = takenAt(item);
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const zone = item.office?.timeZone ?? own;
  const guess = wallTimeOf(moment, zone);
  const [employeeId, setEmployeeId] = useState(item.employee?.employeeId ?? item.claimedEmployeeId ?? '');
  const [type, setType] = useState<'LOGIN' | 'LOGOUT' | ''>(item.type ?? '');
  const [time, setTime] = useState(guess);
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  const decide = (decision: () => Promise<void>): void => {
    setBusy(true);
    setProblem(null);
    decision()
      .then(onDecided)
      .catch((error: unknown) => {
        // Somebody else was quicker.
        if (isFault(error, 'CONFLICT')) setProblem(words.conflict);
        else setProblem(error instanceof Error ? error.message : String(error));
      })
      .finally(() => setBusy(false));
  };
  const accept = (): void => {
    if (type === '') return;
    // The field has no seconds: a time that nobody changed keeps those of the photo.
    const unchanged = time.local === guess.local && time.second === guess.second;
    const at = unchanged ? moment : momentOf(time, zone);
    // The field says what is wrong with the time.
    if (at === null) return;
    const recordedAt = at.toISOString();
    decide(() =>
      api.acceptReviewItem({ id: item.id, employeeId: employeeId.trim(), type, recordedAt, reason }),
    );
  };

  return (
    <form
      class="review"
      onSubmit={(event) => {
        event.preventDefault();
        accept();
      }}
    >
      <Photo api={api} address={item.imageUrl} alt={words.photo} />
      <p>
        <strong>{item.employee?.name ?? item.claimedEmployeeId ?? words.unknown}</strong>{' '}
        {fill(words.at, { time: momentIn(zone, moment) + (zone === own ? '' : ` (${zone})`) })}
        {item.office !== null && <> · {item.office.name}</>}
        <br />
        <span class="muted">{fill(words.why, { reason: item.reason })}</span> {item.note}
      </p>
      {isPunch && (
        <div class="row">
          <label>
            {common.employeeId}
            <input
              value={employeeId}
              onInput={({ currentTarget }) => setEmployeeId(currentTarget.value)}
              maxLength={64}
              dir="ltr"
              required
            />
          </label>
          <label>
            {words.direction}
            <select
              value={type}
              onChange={({ currentTarget }) => setType(currentTarget.value as 'LOGIN' | 'LOGOUT' | '')}
              required
            >
              <option value="">…</option>
              <option value="LOGIN">{directions.LOGIN}</option>
              <option value="LOGOUT">{directions.LOGOUT}</option>
            </select>
          </label>
          <TimeField zone={zone} value={time} onChange={setTime} />
        </div>
      )}
      <label>
        {words.reason}
        <input
          value={reason}
          onInput={({ currentTarget }) => setReason(currentTarget.value)}
          maxLength={500}
          required
        />
      </label>
      <p class="problem" role="alert">
        {problem}
      </p>
      <div class="row">
        {isPunch && (
          <button class="primary" disabled={busy}>
            {words.accept}
          </button>
        )}
        <button
          type="button"
          disabled={busy || reason.trim() === ''}
          onClick={() => decide(() => api.dismissReviewItem(item.id, reason))}
        >
          {words.dismiss}
        </button>
      </div>
    </form>
  );
}

/** The best guess: the time of the photo, corrected if the tablet knew how its clock stood; else the receipt. */
function takenAt({ capturedAt, clockOffsetMs, receivedAt }: ReviewItem): Date {
  if (capturedAt === null) return new Date(receivedAt);
  return new Date(Date.parse(capturedAt) + (clockOffsetMs ?? 0));
}
