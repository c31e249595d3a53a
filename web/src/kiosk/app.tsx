import { useCallback, useEffect, useState } from 'preact/hooks';
import type { Api, KioskSettings } from '../api';
import { isFault } from '../shared/faults';
import { Door } from './door';
import { keptKey, loadSettings, pair, unpair } from './identity';
import { Pairing, type PairingProblem } from './pairing';
import { Splash } from './splash';

type View =
  | { readonly kind: 'loading' }
  | { readonly kind: 'pairing'; readonly problem: PairingProblem | null }
  | { readonly kind: 'door'; readonly settings: KioskSettings };

/** Between two tries of a kiosk that has never seen its server. */
const RETRY_MS = 5000;
/** How often a kiosk checks its key, even if nobody is there: after a revocation it unpairs at once. */
const REFRESH_MS = 10_000;

/** Whether this is a paired kiosk, and what to show: the pairing or the door. */
export function App({ api, onKey }: { readonly api: Api; readonly onKey: (key: string | null) => void }) {
  const [view, setView] = useState<View>({ kind: 'loading' });

  const open = useCallback(async (): Promise<void> => {
    const key = await keptKey();
    onKey(key);
    const settings = await loadSettings(api);
    if (settings !== null) return setView({ kind: 'door', settings });
    if (key !== null) await unpair();
    onKey(null);
    setView({ kind: 'pairing', problem: key === null ? null : 'revoked' });
  }, [api, onKey]);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const attempt = (): void => {
      open().catch((error: unknown) => {
        console.error(error);
        setView({ kind: 'pairing', problem: 'offline' });
        timer = setTimeout(attempt, RETRY_MS);
      });
    };
    attempt();
    return () => clearTimeout(timer);
  }, [open]);

  const onUnpaired = useCallback((): void => {
    void unpair().then(() => {
      onKey(null);
      setView({ kind: 'pairing', problem: 'revoked' });
    });
  }, [onKey]);

  useEffect(() => {
    if (view.kind !== 'door') return;
    const shown = JSON.stringify(view.settings);
    const timer = setInterval(() => {
      loadSettings(api).then(
        (settings) => {
          if (settings === null) onUnpaired();
          // Equal settings in a new object would open the camera again.
          else if (JSON.stringify(settings) !== shown) setView({ kind: 'door', settings });
        },
        () => undefined,
      );
    }, REFRESH_MS);
    return () => clearInterval(timer);
  }, [api, view, onUnpaired]);

  switch (view.kind) {
    case 'loading':
      return <Splash />;
    case 'pairing':
      return (
        <Pairing
          problem={view.problem}
          onCode={async (code) => {
            try {
              onKey(await pair(api, code));
              await open();
            } catch (error) {
              setView({ kind: 'pairing', problem: problemOf(error) });
            }
          }}
        />
      );
    case 'door':
      return <Door api={api} settings={view.settings} onUnpaired={onUnpaired} />;
  }
}

function problemOf(error: unknown): PairingProblem {
  return isFault(error, 'OFFLINE', 'UNAVAILABLE', 'TOO_MANY_REQUESTS') ? 'offline' : 'refused';
}
