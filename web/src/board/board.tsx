import { useEffect, useState } from 'preact/hooks';
import type { Office, Punch } from '../api';
import { fill, texts } from '../messages';
import { DeskHeader, type Session } from '../shared/sign-in';
import { momentIn, timeIn } from '../shared/time';
import { type Link, LivePunches } from './live-punches';
import type { Roster } from './roster';

const EMPTY: Roster = { in: [], out: [], last: [], latest: null };

/** Who is here, for the wall of an office. ?office=<id> shows one. */
export function Board({ session }: { readonly session: Session }) {
  const { board, common, directions } = texts();
  const { api, signOut } = session;
  const [officeId, setOfficeId] = useState(() => new URLSearchParams(location.search).get('office'));
  const [offices, setOffices] = useState<readonly Office[]>([]);
  const [roster, setRoster] = useState(EMPTY);
  const [link, setLink] = useState<Link>('reconnecting');
  const [announcement, setAnnouncement] = useState('');
  useEffect(() => void api.offices().then(setOffices, () => undefined), [api]);
  useEffect(() => {
    setRoster(EMPTY);
    const live = new LivePunches(api, officeId, {
      roster: setRoster,
      link: setLink,
      punch: (punch) => setAnnouncement(spoken(punch)),
      unauthenticated: signOut,
    });
    void live.run();
    return () => live.stop();
  }, [api, officeId]);

  return (
    <main class="desk board">
      <DeskHeader title={board.title} session={session}>
        <span class={`link ${link}`} role="status">
          {board[link]}
        </span>
      </DeskHeader>
      {offices.length > 1 && (
        <label class="office">
          {common.office}
          <select value={officeId ?? ''} onChange={(e) => setOfficeId(e.currentTarget.value || null)}>
            <option value="">{common.allOffices}</option>
            {offices.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
      <p class="hidden" aria-live="polite">
        {announcement}
      </p>
      <div class="columns">
        <section class="card in" aria-labelledby="in">
          <h2 id="in">
            {board.in} <span class="count">{roster.in.length}</span>
          </h2>
          <People punches={roster.in} empty={board.nobodyIn} when={board.since} />
        </section>
        <section class="card out" aria-labelledby="out">
          <h2 id="out">
            {board.out} <span class="count">{roster.out.length}</span>
          </h2>
          <People punches={roster.out} empty={board.nobodyOut} when={board.since} />
        </section>
        <section class="card last" aria-labelledby="last">
          <h2 id="last">{board.last}</h2>
          {roster.last.length === 0 && <p class="muted">{board.noPunches}</p>}
          <ol>
            {roster.last.map((punch) => (
              <li key={punch.id} class={punch.type === 'LOGIN' ? 'login' : 'logout'}>
                <span class="arrow" aria-hidden="true" />
                <span class="name">{punch.employee.name}</span>
                <span>
                  {directions[punch.type]}
                  {punch.offline && <span class="muted"> · {board.offline}</span>}
                </span>
                <time dateTime={punch.recordedAt}>{timeOf(punch)}</time>
              </li>
            ))}
          </ol>
        </section>
      </div>
    </main>
  );
}

function People({ punches, empty, when }: { punches: readonly Punch[]; empty: string; when: string }) {
  if (punches.length === 0) return <p class="muted">{empty}</p>;
  return (
    <ul>
      {punches.map((punch) => (
        <li key={punch.employee.employeeId}>
          <span class="name">{punch.employee.name}</span>
          <span class="muted">{fill(when, { time: timeOf(punch) })}</span>
        </li>
      ))}
    </ul>
  );
}

/** On the wall of the punch's own office; with the day, if it was not today. */
function timeOf({ recordedAt, office }: Punch): string {
  const [moment, zone] = [new Date(recordedAt), office?.timeZone ?? null];
  const isRecent = Date.now() - moment.getTime() < 12 * 3_600_000;
  return (isRecent ? timeIn : momentIn)(zone, moment);
}

function spoken(punch: Punch): string {
  const { board, directions } = texts();
  const values = { name: punch.employee.name, direction: directions[punch.type], time: timeOf(punch) };
  return fill(board.announced, values);
}
