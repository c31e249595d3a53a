import { useCallback, useEffect, useState } from 'preact/hooks';
import type { Api } from '../api';
import { fill, texts } from '../messages';
import { Photo } from '../shared/photo';
import { dateIn, timeIn } from '../shared/time';
import { Corrector } from './corrector';
import type { Day, DayPage } from './hours-api';
import { Requests } from './requests';
import { flagText, hoursText, problemText, statusText } from './words';

/** What somebody has to look at, each with its own list. */
const KINDS = {
  missing: { status: ['INCOMPLETE'] },
  absent: { status: ['ABSENT', 'DUE'] },
  late: { flags: ['LATE'] },
  leftEarly: { flags: ['LEFT_EARLY'] },
} as const;
type Kind = keyof typeof KINDS;
const NAMES = Object.keys(KINDS) as Kind[];

interface Props {
  readonly api: Api;
  readonly officeId: string | null;
  /** In which it is decided what day it is; null: the browser's. */
  readonly zone: string | null;
  readonly onPerson: (employeeId: string) => void;
}

/** Who is late, absent or forgot to punch on a date. */
export function DayView({ api, officeId, zone, onPerson }: Props) {
  const { common, hours } = texts();
  const [chosen, setChosen] = useState<string | null>(null);
  const date = chosen ?? dateIn(zone, new Date());
  const [pages, setPages] = useState<Readonly<Record<Kind, DayPage>> | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const load = useCallback(async (): Promise<void> => {
    try {
      const found = await Promise.all(
        NAMES.map(async (kind) => [kind, await api.hours.days({ date, officeId, ...KINDS[kind] })] as const),
      );
      setPages(Object.fromEntries(found) as Record<Kind, DayPage>);
      setProblem(null);
    } catch (error) {
      setProblem(problemText(error));
    }
  }, [api, date, officeId]);
  useEffect(() => {
    setPages(null);
    void load();
  }, [load]);

  return (
    <>
      <label class="date">
        {hours.date}
        <input
          type="date"
          value={date}
          required
          onChange={({ currentTarget: { value } }) => value !== '' && setChosen(value)}
        />
      </label>
      <p class="problem" role="alert">
        {problem}
      </p>
      {pages === null && problem === null && <p role="status">{common.loading}</p>}
      {pages !== null && (
        <div class="kinds">
          {NAMES.map((kind) => (
            <section key={kind} class={`card ${kind}`} aria-labelledby={`kind-${kind}`}>
              <h2 id={`kind-${kind}`}>
                {hours.kinds[kind]} <span class="count">{pages[kind].totalCount}</span>
              </h2>
              {pages[kind].nodes.length === 0 && <p class="muted">{hours.nobody}</p>}
              <ul>
                {pages[kind].nodes.map((day) => (
                  <li key={day.employee.employeeId}>
                    <Entry api={api} day={day} onPerson={onPerson} onChanged={() => void load()} />
                  </li>
                ))}
              </ul>
            </section>
          ))}
        </div>
      )}
      <Requests api={api} onDecided={() => void load()} />
    </>
  );
}

function Entry({
  api,
  day,
  onPerson,
  onChanged,
}: {
  readonly api: Api;
  readonly day: Day;
  readonly onPerson: (employeeId: string) => void;
  readonly onChanged: () => void;
}) {
  const { hours } = texts();
  const { employee, figures, timeZone } = day;
  const punches = day.spans.flatMap(({ login, logout }) => [login, logout]).filter((punch) => punch !== null);
  const planned =
    day.plannedStart === null || day.plannedEnd === null
      ? null
      : fill(hours.planned, {
          from: timeIn(timeZone, new Date(day.plannedStart)),
          until: timeIn(timeZone, new Date(day.plannedEnd)),
        });
  return (
    <article class="entry">
      <div class="line">
        <button class="link" onClick={() => onPerson(employee.employeeId)}>
          {employee.name}
        </button>
        <span class="muted">
          {[statusText(day.status), ...day.flags.map(flagText)].join(' · ')}
          {figures.lateMinutes > 0 && ` · ${fill(hours.lateBy, { time: hoursText(figures.lateMinutes) })}`}
        </span>
      </div>
      {planned !== null && <p class="muted">{planned}</p>}
      <ul class="punches">
        {punches.map(({ id, type, recordedAt, imageUrl }) => (
          <li key={id}>
            {imageUrl !== null && (
              <Photo
                api={api}
                address={imageUrl}
                alt={fill(texts().enrol.photoOf, { name: employee.name })}
              />
            )}
            <span>
              {texts().directions[type]} {timeIn(timeZone, new Date(recordedAt))}
            </span>
          </li>
        ))}
      </ul>
      <Corrector api={api} day={day} onChanged={onChanged} />
    </article>
  );
}
