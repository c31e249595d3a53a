import { plural, texts } from '../messages';
import { KeyForm } from '../shared/sign-in';
import { type Access, isLoopback } from './access';

interface Props {
  /** null: it is being asked for. */
  readonly access: Access | null;
  readonly onKey: (key: string) => void;
  readonly onSignOut: () => void;
  readonly onRetry: () => void;
}

/** Whether the service is open or needs a key; and how many people are enrolled, for those who may know. */
export function AccessCard({ access, onKey, onSignOut, onRetry }: Props) {
  const { common, home } = texts();
  if (access?.kind === 'closed') {
    return (
      <KeyForm problem={access.refused ? common.keyRefused : null} onKey={onKey}>
        <h2>{home.closed}</h2>
      </KeyForm>
    );
  }
  return (
    <section class="card access" role="status">
      {access === null && <p>{common.loading}</p>}
      {access?.kind === 'open' && (
        <>
          <h2>{home.open}</h2>
          <p>{isLoopback() ? home.openHere : home.openToAll}</p>
          <People count={access.people} />
        </>
      )}
      {access?.kind === 'signedIn' && (
        <>
          <h2>{home.signedIn}</h2>
          <People count={access.people} />
          <button onClick={onSignOut}>{common.signOut}</button>
        </>
      )}
      {access?.kind === 'unknown' && (
        <>
          <h2>{home.unknown}</h2>
          <button onClick={onRetry}>{common.tryAgain}</button>
        </>
      )}
    </section>
  );
}

function People({ count }: { readonly count: number | null }) {
  const { home } = texts();
  if (count === null) return null;
  return <p class="people">{count === 0 ? home.nobody : plural(home.enrolled, count)}</p>;
}
