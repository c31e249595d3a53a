import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { Api } from '../api';
import { texts } from '../messages';
import { isFault } from './faults';
import { LanguageChoice } from './page';

/** Of this tab only: it is gone when the tab is closed, and no other page of the browser sees it. */
const STORED = 'rollcall-key';

export interface Session {
  readonly api: Api;
  /** Whether there is a key to forget. */
  readonly signedIn: boolean;
  readonly signOut: () => void;
}

type View = 'checking' | 'asking' | 'in';

interface Props {
  readonly title: string;
  /** Asked of the service to see whether the key may do what the page is for. */
  readonly probe: (api: Api) => Promise<unknown>;
  readonly children: (session: Session) => ComponentChildren;
}

/** Shows a page to whoever has a key for it, or to everybody where the service runs open. */
export function SignIn({ title, probe, children }: Props) {
  const { common } = texts();
  const holder = useMemo(() => ({ key: sessionStorage.getItem(STORED) }), []);
  const api = useMemo(() => new Api(() => holder.key), [holder]);
  const [view, setView] = useState<View>('checking');
  const [key, setKey] = useState('');
  const [problem, setProblem] = useState<string | null>(null);

  const attempt = async (): Promise<void> => {
    try {
      await probe(api);
      if (holder.key !== null) sessionStorage.setItem(STORED, holder.key);
      setProblem(null);
      setView('in');
    } catch (error) {
      const refused = isFault(error, 'UNAUTHENTICATED', 'FORBIDDEN');
      if (!refused) setProblem(error instanceof Error ? error.message : String(error));
      else if (holder.key !== null) setProblem(common.keyRefused);
      if (refused) forget();
      setView('asking');
    }
  };
  const forget = (): void => {
    holder.key = null;
    sessionStorage.removeItem(STORED);
  };
  useEffect(() => void attempt(), []);

  if (view === 'checking') {
    return (
      <main class="desk">
        <h1>{title}</h1>
        <p role="status">{common.loading}</p>
      </main>
    );
  }
  if (view === 'in') {
    const signOut = (): void => {
      forget();
      setKey('');
      setView('asking');
    };
    return <>{children({ api, signedIn: holder.key !== null, signOut })}</>;
  }
  return (
    <main class="desk sign-in">
      <form
        class="card"
        onSubmit={(event) => {
          event.preventDefault();
          holder.key = key.trim();
          void attempt();
        }}
      >
        <h1>{title}</h1>
        <label>
          {common.key}
          <input
            value={key}
            onInput={({ currentTarget }) => setKey(currentTarget.value)}
            type="password"
            autocomplete="off"
            required
            dir="ltr"
            aria-describedby="key-hint"
          />
        </label>
        <p id="key-hint" class="muted">
          {common.keyHint}
        </p>
        <p class="problem" role="alert">
          {problem}
        </p>
        <button class="primary">{common.signIn}</button>
      </form>
      <LanguageChoice />
    </main>
  );
}

/** Title, language and sign-out of a page behind a key. */
export function DeskHeader({
  title,
  session,
  children,
}: {
  title: string;
  session: Session;
  children?: ComponentChildren;
}) {
  return (
    <header class="desk-header">
      <h1>{title}</h1>
      <div class="spacer">{children}</div>
      <LanguageChoice />
      {session.signedIn && <button onClick={session.signOut}>{texts().common.signOut}</button>}
    </header>
  );
}
