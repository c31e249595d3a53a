import { Api } from '../api';
import { addressOf } from '../shared/address';
import { show } from '../shared/page';
import { Reach } from '../shared/reach';
import { ServiceClock, sessionOf } from '../shared/service-clock';
import { App } from './app';
import './kiosk.css';

let key: string | null = null;
// The offset of its clock outlives a reload; other pages keep nothing of it.
const api = new Api(() => key, new Reach(new ServiceClock(undefined, sessionOf())));

void show(() => <App api={api} onKey={(found) => (key = found)} />);

// For the time without network. Without it (a browser that forbids it) the kiosk works while there is one. Vite's
// development server alone defines import.meta.hot; there the worker would serve old files.
if (import.meta.hot === undefined && 'serviceWorker' in navigator) {
  navigator.serviceWorker
    .register(addressOf('/kiosk-sw.js'), { scope: addressOf('/kiosk') })
    .catch(() => undefined);
}
