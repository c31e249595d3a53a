import { useState } from 'preact/hooks';
import { Api } from '../api';
import { locale, fill, plural, texts } from '../messages';
import { exportPunches } from '../offline/export';
import type { StorageState } from '../offline/storage';
import { isFault } from '../shared/faults';

interface Props {
  readonly saved: number;
  readonly storage: StorageState;
}

/** How many punches are saved on this tablet, how safe they are, and their export for HR. */
export function SavedPunches({ saved, storage: { persistent, used, full } }: Props) {
  const { savedPunches: words } = texts().kiosk;
  const percent = new Intl.NumberFormat(locale(), { style: 'percent' }).format(used ?? 0);
  const safety = persistent === null ? words.unknown : persistent ? words.persistent : words.fragile;
  return (
    <details class={full ? 'saved full' : 'saved'}>
      <summary class="badge">{full ? words.full : words.title}</summary>
      <div class="card">
        <p>
          {plural(words.count, saved)}. {safety} {used !== null && fill(words.used, { percent })}
        </p>
        {saved > 0 && <Export />}
      </div>
    </details>
  );
}

/** Only for HR and administrators. The service checks their key, and the file is encrypted with it. */
export function Export() {
  const { savedPunches: words } = texts().kiosk;
  const [key, setKey] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<'refused' | 'failed' | null>(null);
  const run = async (): Promise<void> => {
    await new Api(() => key).requireStaff();
    download(await exportPunches(key), `punches-${new Date().toISOString().slice(0, 10)}.ndjson`);
    setKey('');
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        setBusy(true);
        setProblem(null);
        run()
          .catch((error: unknown) =>
            setProblem(isFault(error, 'UNAUTHENTICATED', 'FORBIDDEN') ? 'refused' : 'failed'),
          )
          .finally(() => setBusy(false));
      }}
    >
      <label>
        {words.key}
        <input
          type="password"
          value={key}
          onInput={({ currentTarget }) => setKey(currentTarget.value)}
          autocomplete="off"
          dir="ltr"
          required
        />
      </label>
      <p class="muted">{words.hint}</p>
      <button disabled={busy || key === ''}>{words.export}</button>
      <p class="problem" role="alert">
        {problem !== null && words[problem]}
      </p>
    </form>
  );
}

function download(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // The download must have started before the URL is revoked.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
