import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { Api } from '../api';
import { texts } from '../messages';
import { isFault } from './faults';
import { HeldKey } from './held-key';
import { LanguageChoice } from './page';

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

/** Shows a page after sign-in, or to everybody if the service is open. */
export function SignIn({ title, probe, children }: Props) {
  const { common } = texts();
  const held = useMemo(() => new HeldKey(), []);
  const api = useMemo(() => new Api(() => held.key), [held]);
  const [view, setView] = useState<View>('checking');
  const [problem, setProblem] = useState<string | null>(null);

  const attempt = async (): Promise<void> => {
    try {
      await probe(api);
      held.keep();
      setProblem(null);
      setView('in');
    } catch (error) {
      const refused = isFault(error, 'UNAUTHENTICATED', 'FORBIDDEN');
      if (!refused) setProblem(error instanceof Error ? error.message : String(error));
      else if (held.key !== null) setProblem(common.keyRefused);
      if (refused) held.forget();
      setView('asking');
    }
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
      held.forget();
      setView('asking');
    };
    return <>{children({ api, signedIn: held.key !== null, signOut })}</>;
  }
  return (
    <main class="desk sign-in">
      <KeyForm
        problem={problem}
        onKey={(key) => {
          held.key = key;
          void attempt();
        }}
      >
        <h1>{title}</h1>
      </KeyForm>
      <LanguageChoice />
    </main>
  );
}

/** Asks for a key. */
export function KeyForm({
  problem,
  onKey,
  children,
}: {
  /** Why the last one was no good. */
  readonly problem: string | null;
  readonly onKey: (key: string) => void;
  /** The heading. */
  readonly children: ComponentChildren;
}) {
  const { common } = texts();
  const [key, setKey] = useState('');
  return (
    <form
      class="card"
      onSubmit={(event) => {
        event.preventDefault();
        onKey(key.trim());
      }}
    >
      {children}
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
