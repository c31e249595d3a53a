import { Api } from '../api';
import { addressOf } from '../shared/address';
import { show } from '../shared/page';
import { Reach } from '../shared/reach';
import { ServiceClock, sessionOf } from '../shared/service-clock';
import { App } from './app';
import './kiosk.css';

let key: string | null = null;
// The kiosk keeps its clock offset over a reload. Other pages do not.
const api = new Api(() => key, new Reach(new ServiceClock(undefined, sessionOf())));

void show(() => <App api={api} onKey={(found) => (key = found)} />);

// The service worker lets the kiosk load without a network. Some browsers forbid it. Vite's
// development server alone defines import.meta.hot; there the worker would serve old files.
if (import.meta.hot === undefined && 'serviceWorker' in navigator) {
  navigator.serviceWorker
    .register(addressOf('/kiosk-sw.js'), { scope: addressOf('/kiosk') })
    .catch(() => undefined);
}
