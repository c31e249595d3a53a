import { useEffect, useState } from 'preact/hooks';
import type { Office } from '../api';
import { texts } from '../messages';
import { DeskHeader, type Session } from '../shared/sign-in';
import { DayView } from './day-view';
import { Downloads } from './downloads';
import { MusterView } from './muster-view';
import { zoneOf } from './office-zone';
import { PersonView } from './person-view';

const VIEWS = ['day', 'person', 'muster', 'files'] as const;
type View = (typeof VIEWS)[number];

/** Hours for HR: today's gaps, a person's month, who is in the building, and files. */
export function Hours({ session }: { readonly session: Session }) {
  const { common, hours } = texts();
  const { api } = session;
  const [view, setView] = useState<View>('day');
  const [offices, setOffices] = useState<readonly Office[] | null>(null);
  const [officeId, setOfficeId] = useState<string | null>(null);
  const [employeeId, setEmployeeId] = useState<string | null>(null);
  useEffect(() => void api.offices().then(setOffices, () => setOffices([])), [api]);
  const openPerson = (id: string): void => {
    setEmployeeId(id);
    setView('person');
  };

  return (
    <main class="desk hours">
      <DeskHeader title={hours.title} session={session} />
      <nav class="views" aria-label={hours.views}>
        {VIEWS.map((each) => (
          <button key={each} aria-current={each === view ? 'page' : undefined} onClick={() => setView(each)}>
            {hours[each]}
          </button>
        ))}
      </nav>
      {view !== 'person' && (
        <label class="office">
          {common.office}
          <select value={officeId ?? ''} onChange={(e) => setOfficeId(e.currentTarget.value || null)}>
            <option value="">{view === 'muster' ? hours.chooseOffice : common.allOffices}</option>
            {(offices ?? []).map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
      {/* Which day it is depends on where the offices are. */}
      {offices === null && <p role="status">{common.loading}</p>}
      {offices !== null && view === 'day' && (
        <DayView api={api} officeId={officeId} zone={zoneOf(offices, officeId)} onPerson={openPerson} />
      )}
      {offices !== null && view === 'person' && (
        <PersonView
          api={api}
          employeeId={employeeId}
          zone={zoneOf(offices, officeId)}
          onPerson={setEmployeeId}
        />
      )}
      {offices !== null && view === 'muster' && (
        <MusterView api={api} office={offices.find(({ id }) => id === officeId) ?? null} />
      )}
      {offices !== null && view === 'files' && (
        <Downloads api={api} officeId={officeId} zone={zoneOf(offices, officeId)} />
      )}
    </main>
  );
}
