import { Api } from '../api';
import { addressOf } from '../shared/address';
import { show } from '../shared/page';
import { Reach } from '../shared/reach';
import { ServiceClock, sessionOf } from '../shared/service-clock';
import { lastingStorage, TimeBeacon } from '../shared/time-beacon';
import { App } from './app';
import './kiosk.css';

let key: string | null = null;
// The kiosk keeps what it knows of the time over a reload; other pages do not.
const clock = new ServiceClock(undefined, sessionOf());
const api = new Api(() => key, new Reach(clock, new TimeBeacon(lastingStorage())));

void show(() => <App api={api} onKey={(found) => (key = found)} />);

// The service worker lets the kiosk load without a network. Some browsers forbid it. Vite's
// development server alone defines import.meta.hot; there the worker would serve old files.
if (import.meta.hot === undefined && 'serviceWorker' in navigator) {
  navigator.serviceWorker
    .register(addressOf('/kiosk-sw.js'), { scope: addressOf('/kiosk') })
    .catch(() => undefined);
}
