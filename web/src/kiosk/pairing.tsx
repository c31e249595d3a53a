import { useEffect, useState } from 'preact/hooks';
import { plural, texts } from '../messages';
import { savedCount } from '../offline/outbox';
import { addressOf } from '../shared/address';
import { LanguageChoice } from '../shared/page';
import { Export } from './saved-punches';

export type PairingProblem = 'refused' | 'revoked' | 'offline';

interface Props {
  readonly problem: PairingProblem | null;
  readonly onCode: (code: string) => Promise<void>;
}

/** Exchanges a one-time code for the kiosk's own key, so that the page never holds a key of an administrator. */
export function Pairing({ problem, onCode }: Props) {
  const { pairing, savedPunches } = texts().kiosk;
  const [code, setCode] = useState('');
  const [busy, setBusy] = useState(false);
  const [saved, setSaved] = useState(0);
  useEffect(() => void savedCount().then(setSaved, () => undefined), []);
  return (
    <main class="kiosk pairing">
      <form
        class="card"
        onSubmit={(event) => {
          event.preventDefault();
          setBusy(true);
          void onCode(code.trim()).finally(() => setBusy(false));
        }}
      >
        <img src={addressOf('/icon.svg')} alt="" width="72" height="72" />
        <h1>{pairing.title}</h1>
        <p>{pairing.text}</p>
        <label>
          {pairing.code}
          <input
            class="code"
            value={code}
            onInput={({ currentTarget }) => setCode(currentTarget.value)}
            autocomplete="one-time-code"
            autocapitalize="characters"
            spellcheck={false}
            dir="ltr"
            required
            maxLength={200}
            aria-describedby={problem === null ? undefined : 'pairing-problem'}
          />
        </label>
        <button class="primary" disabled={busy || code.trim() === ''}>
          {pairing.pair}
        </button>
        <p id="pairing-problem" class="problem" role="alert">
          {problem !== null && pairing[problem]}
        </p>
      </form>
      {saved > 0 && (
        <section class="card saved">
          <p>
            {plural(savedPunches.count, saved)}. {savedPunches.stay}
          </p>
          <Export />
        </section>
      )}
      <footer>
        <LanguageChoice />
      </footer>
    </main>
  );
}
