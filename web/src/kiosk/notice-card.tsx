import { texts } from '../messages';
import type { Kiosk } from './kiosk';
import type { Notice } from './notices';

/** Told apart by shape, too: a tick, a double tick, a cross. */
const SHAPES = {
  good: 'M26 52l17 17 32-36',
  known: 'M14 52l15 15 27-32M48 64l5 5 33-36',
  bad: 'M32 32l36 36M68 32l-36 36',
} as const;

interface Props {
  readonly notice: Notice;
  readonly kiosk: Kiosk;
}

/** The outcome, in large type, with the way out of a refusal. */
export function NoticeCard({ notice: { tone, title, detail, advice, ways }, kiosk }: Props) {
  const { kiosk: words, common } = texts();
  return (
    <section class={`outcome ${tone}`} role="alert">
      <svg class="shape" viewBox="0 0 100 100" aria-hidden="true">
        {tone === 'bad' ? (
          <rect x="4" y="4" width="92" height="92" rx="22" />
        ) : (
          <circle cx="50" cy="50" r="46" />
        )}
        <path d={SHAPES[tone]} />
      </svg>
      <p class="title">{title}</p>
      {detail !== null && <p class="detail">{detail}</p>}
      {advice !== null && <p class="advice">{advice}</p>}
      <div class="ways">
        {ways.includes('again') && <button onClick={() => kiosk.next()}>{common.tryAgain}</button>}
        {ways.includes('number') && <button onClick={() => kiosk.type()}>{words.typeNumber}</button>}
        {ways.includes('next') && <button onClick={() => kiosk.next()}>{words.nextPerson}</button>}
      </div>
    </section>
  );
}
