import { addressOf } from '../shared/address';
import { useEffect, useState } from 'preact/hooks';
import { texts } from '../messages';
import { HeldKey } from '../shared/held-key';
import { LanguageChoice } from '../shared/page';
import { type Access, findAccess, signIn } from './access';
import { AccessCard } from './access-card';

/** The start page: what this service is, where everything is, and whether it needs a key. */
export function Home() {
  const { home } = texts();
  const [access, setAccess] = useState<Access | null>(null);
  const look = async (): Promise<void> => setAccess(await findAccess());
  useEffect(() => {
    // A browser that goes back may show the page as it was left, after the reader has signed out elsewhere.
    const restored = ({ persisted }: PageTransitionEvent): void => {
      if (!persisted) return;
      setAccess(null);
      void look();
    };
    addEventListener('pageshow', restored);
    void look();
    return () => removeEventListener('pageshow', restored);
  }, []);

  return (
    <main class="desk home">
      <header class="desk-header">
        <img src={addressOf('/icon.svg')} alt="" width="56" height="56" />
        <h1>Rollcall</h1>
        <LanguageChoice />
      </header>
      <p class="lead">{home.lead}</p>
      <div class="halves">
        <nav aria-label={home.pages}>
          <ul class="doors">
            <Door address="/kiosk" title={home.kiosk} text={home.kioskText} />
            <Door address="/enrol" title={home.desk} text={home.deskText} />
            <Door address="/board" title={home.board} text={home.boardText} />
            <Door address="/hours" title={home.hours} text={home.hoursText} />
          </ul>
        </nav>
        <AccessCard
          access={access}
          onKey={(key) => void signIn(key).then(setAccess)}
          onSignOut={() => {
            new HeldKey().forget();
            void look();
          }}
          onRetry={() => void look()}
        />
      </div>
      <nav aria-labelledby="technical">
        <h2 id="technical">{home.technical}</h2>
        <ul class="addresses">
          {hasExplorer() && <Address address="/graphiql" title={home.explorer} text={home.explorerText} />}
          <Address address="/reference" title={home.reference} text={home.referenceText} />
          <Address address="/healthz" title={home.alive} text={home.aliveText} />
          <Address address="/readyz" title={home.ready} text={home.readyText} />
        </ul>
      </nav>
    </main>
  );
}

/** The service says in the page if it has none. */
const hasExplorer = (): boolean => document.documentElement.dataset['explorer'] !== 'off';

interface LinkProps {
  readonly address: string;
  readonly title: string;
  readonly text: string;
}

const Door = ({ address, title, text }: LinkProps) => (
  <li>
    <a class="card door" href={addressOf(address)}>
      <strong>{title}</strong>
      <span class="muted">{text}</span>
    </a>
  </li>
);

const Address = ({ address, title, text }: LinkProps) => (
  <li>
    <a href={addressOf(address)}>{title}</a>
    <span class="muted">{text}</span>
  </li>
);
