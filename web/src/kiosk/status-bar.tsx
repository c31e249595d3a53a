import { useEffect, useState } from 'preact/hooks';
import type { KioskSettings } from '../api';
import { plural, texts } from '../messages';
import { momentIn, timeIn } from '../shared/time';
import { SavedPunches } from './saved-punches';
import type { KioskState } from './state';

interface Props {
  readonly settings: KioskSettings;
  readonly state: KioskState;
  readonly onClear: () => void;
}

/** Shows the office, its time, and the state of the network. */
export function StatusBar({ settings, state, onClear }: Props) {
  const { kiosk } = texts();
  const { online, waiting, refused, saved, storage } = state;
  const zone = settings.office?.timeZone ?? null;
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 1000);
    return () => clearInterval(timer);
  }, []);
  return (
    <header class="bar">
      <span class="place">{settings.office?.name ?? kiosk.title}</span>
      <span class="network" role="status">
        {!online && <span class="badge offline">{kiosk.offline}</span>}
        {waiting > 0 && <span class="badge waiting">{plural(kiosk.waiting, waiting)}</span>}
      </span>
      {(saved > 0 || storage.full || storage.persistent === false) && (
        <SavedPunches saved={saved} storage={storage} />
      )}
      {refused.length > 0 && (
        <details class="refused">
          <summary class="badge refused">{plural(kiosk.refusedLater, refused.length)}</summary>
          <div class="card">
            <h2>{kiosk.refusedList}</h2>
            <ul>
              {refused.map(({ employeeId, capturedAt, why }, i) => (
                <li key={i}>
                  {capturedAt !== null && momentIn(zone, new Date(capturedAt))}{' '}
                  {employeeId ?? kiosk.unknownPerson} ({why})
                </li>
              ))}
            </ul>
            <button onClick={onClear}>{kiosk.acknowledge}</button>
          </div>
        </details>
      )}
      <time class="clock" dateTime={now.toISOString()}>
        {timeIn(zone, now)}
      </time>
    </header>
  );
}
