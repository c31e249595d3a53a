import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Api, KioskSettings } from '../api';
import { fill, texts } from '../messages';
import { LanguageChoice } from '../shared/page';
import { Kiosk } from './kiosk';
import { NoticeCard } from './notice-card';
import { NumberForm } from './number-form';
import { Outline } from './outline';
import { INITIAL, type KioskState } from './state';
import { sentence } from './sentence';
import { StatusBar } from './status-bar';
import { Ways } from './ways';
import { keepAwake } from './wake-lock';

interface Props {
  readonly api: Api;
  readonly settings: KioskSettings;
  readonly onUnpaired: () => void;
}

/** What the person at the door sees: themselves, the outline, one sentence, and the outcome. */
export function Door({ api, settings, onUnpaired }: Props) {
  const video = useRef<HTMLVideoElement>(null);
  const [state, setState] = useState<KioskState>(INITIAL);
  const kiosk = useMemo(() => new Kiosk(api, settings, setState, onUnpaired), [api, settings, onUnpaired]);
  useEffect(() => {
    if (video.current !== null) void kiosk.run(video.current);
    const release = keepAwake();
    return () => {
      release();
      kiosk.stop();
    };
  }, [kiosk]);
  const { phase } = state;
  const { kiosk: words } = texts();

  return (
    <main class={`kiosk door ${phase.kind}`} data-phase={phase.kind}>
      <h1 class="hidden">{words.title}</h1>
      {/* People expect a mirror image. The photo that is sent is not mirrored. */}
      <video ref={video} class="mirror" muted playsInline aria-hidden="true" tabIndex={-1} />
      <StatusBar settings={settings} state={state} onClear={() => void kiosk.clearRefused()} />
      <div class="stage">
        {phase.kind === 'notice' ? (
          <NoticeCard notice={phase.notice} kiosk={kiosk} />
        ) : (
          <Outline
            progress={phase.kind === 'looking' ? phase.progress : phase.kind === 'checking' ? 1 : 0}
            tone={
              phase.kind === 'checking' || (phase.kind === 'looking' && phase.hint === 'hold')
                ? 'found'
                : 'idle'
            }
          />
        )}
      </div>
      <div class="words">
        <p class="hint" role="status" aria-live="polite">
          {sentence(phase)}
        </p>
        {phase.kind === 'acting' && (
          <p class="step">{fill(words.step, { step: phase.step, steps: phase.steps })}</p>
        )}
        {phase.kind === 'leaving' && phase.last.tone === 'bad' && <p class="step">{phase.last.advice}</p>}
        {state.employeeId !== null && (
          <p class="step">{fill(words.checkingFor, { employeeId: state.employeeId })}</p>
        )}
      </div>
      {phase.kind === 'typing' ? (
        <NumberForm onNumber={(employeeId) => kiosk.checkFor(employeeId)} onCancel={() => kiosk.next()} />
      ) : (
        <Ways phase={phase} kiosk={kiosk} named={state.employeeId !== null} />
      )}
      <footer>
        <LanguageChoice />
      </footer>
    </main>
  );
}
