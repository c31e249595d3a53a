import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Employee, Office } from '../api';
import { FaceReader } from '../face/face-reader';
import { plural, texts } from '../messages';
import { DeskHeader, type Session } from '../shared/sign-in';
import { NewPerson } from './new-person';
import { People } from './people';
import { Person } from './person';
import { Reviews } from './reviews';

/** What the larger half of the desk shows. */
type View =
  | { readonly kind: 'new' }
  | { readonly kind: 'reviews' }
  | { readonly kind: 'person'; readonly person: Employee };

export function Desk({ session }: { readonly session: Session }) {
  const { api } = session;
  const faces = useMemo(() => new FaceReader(), []);
  const [view, setView] = useState<View>({ kind: 'new' });
  const [offices, setOffices] = useState<readonly Office[]>([]);
  const [changes, setChanges] = useState(0);
  const [reviews, setReviews] = useState(0);
  const [blind, setBlind] = useState(false);
  const changed = (): void => setChanges((count) => count + 1);
  useEffect(() => {
    void api.offices().then(setOffices, () => undefined);
    void api.kioskSettings().then(
      ({ computesDescriptors }) => setBlind(!computesDescriptors),
      () => undefined,
    );
    void api.reviewItems(null, 1).then(
      ({ totalCount }) => setReviews(totalCount),
      () => undefined,
    );
    return () => faces.close();
  }, [api, faces]);

  return (
    <main class="desk enrol">
      <DeskHeader title={texts().enrol.title} session={session}>
        <button onClick={() => setView({ kind: 'reviews' })} disabled={view.kind === 'reviews'}>
          {reviews === 0 ? texts().enrol.reviews.title : plural(texts().enrol.reviews.count, reviews)}
        </button>
        <button class="primary" onClick={() => setView({ kind: 'new' })} disabled={view.kind === 'new'}>
          {texts().enrol.newPerson}
        </button>
      </DeskHeader>
      {blind && (
        <p class="problem" role="alert">
          {texts().kiosk.blind}
        </p>
      )}
      <div class="halves">
        <People
          api={api}
          changes={changes}
          selected={view.kind === 'person' ? view.person.employeeId : null}
          onSelect={(person) => setView({ kind: 'person', person })}
        />
        {view.kind === 'reviews' ? (
          <Reviews api={api} onCount={setReviews} />
        ) : view.kind === 'new' ? (
          <NewPerson
            api={api}
            faces={faces}
            offices={offices}
            onEnrolled={changed}
            onOpen={(person) => setView({ kind: 'person', person })}
          />
        ) : (
          <Person
            key={view.person.employeeId}
            api={api}
            faces={faces}
            person={view.person}
            onChanged={changed}
          />
        )}
      </div>
    </main>
  );
}
