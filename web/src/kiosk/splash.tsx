import { texts } from '../messages';
import { Outline } from './outline';

export function Splash() {
  return (
    <main class="kiosk splash">
      <h1 class="hidden">{texts().kiosk.title}</h1>
      <Outline progress={0} tone="idle" />
      <p class="hint" role="status">
        {texts().kiosk.starting}
      </p>
    </main>
  );
}
