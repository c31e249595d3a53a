import { texts } from '../messages';
import type { Kiosk } from './kiosk';
import type { Phase } from './state';

interface Props {
  readonly phase: Phase;
  readonly kiosk: Kiosk;
  /** Whether the next check is for a number. */
  readonly named: boolean;
}

/** Buttons for the other ways: by number, by badge, by face alone, and for the next person. */
export function Ways({ phase, kiosk, named }: Props) {
  const { kiosk: words, common } = texts();
  if (
    phase.kind === 'notice' ||
    phase.kind === 'typing' ||
    phase.kind === 'checking' ||
    phase.kind === 'acting'
  )
    return null;
  const waits = phase.kind === 'leaving';
  return (
    <div class="ways">
      {waits && (
        <button class="primary" onClick={() => kiosk.next()}>
          {phase.last.tone === 'bad' ? common.tryAgain : words.nextPerson}
        </button>
      )}
      {phase.kind === 'no-camera' && (
        <button class="primary" onClick={() => kiosk.retryCamera()}>
          {common.tryAgain}
        </button>
      )}
      <button onClick={() => kiosk.type()}>{words.typeNumber}</button>
      {phase.kind !== 'scanning' && <button onClick={() => kiosk.scan()}>{words.scanBadge}</button>}
      {(named || phase.kind === 'scanning') && (
        <button onClick={() => kiosk.checkFor(null)}>{words.useFace}</button>
      )}
    </div>
  );
}
