import { useEffect, useState } from 'preact/hooks';
import type { Api, Office } from '../api';
import { fill, texts } from '../messages';
import { momentIn, timeIn } from '../shared/time';
import type { Muster, MusterPerson } from './hours-api';
import { problemText } from './words';

interface Props {
  readonly api: Api;
  /** null: none is chosen. */
  readonly office: Office | null;
}

/** Who is in the building, to be printed for the meeting point. */
export function MusterView({ api, office }: Props) {
  const { common, hours } = texts();
  const [muster, setMuster] = useState<Muster | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const id = office?.id ?? null;
  useEffect(() => {
    setMuster(null);
    if (id === null) return;
    let wanted = true;
    api.hours.muster(id).then(
      (found) => wanted && setMuster(found),
      (error: unknown) => wanted && setProblem(problemText(error)),
    );
    return () => void (wanted = false);
  }, [api, id]);
  if (office === null) return <p class="muted">{hours.chooseOffice}</p>;
  return (
    <section class="card muster" aria-labelledby="muster">
      <h2 id="muster">{office.name}</h2>
      <p class="problem" role="alert">
        {problem}
      </p>
      {muster === null && problem === null && <p role="status">{common.loading}</p>}
      {muster !== null && (
        <>
          <p>{fill(hours.asOf, { time: momentIn(office.timeZone, new Date(muster.at)) })}</p>
          <People title={hours.inside} people={muster.inside} zone={office.timeZone} />
          <People title={hours.unsure} people={muster.unsure} zone={office.timeZone} />
          <button class="print" onClick={() => print()}>
            {hours.print}
          </button>
        </>
      )}
    </section>
  );
}

function People({
  title,
  people,
  zone,
}: {
  readonly title: string;
  readonly people: readonly MusterPerson[];
  readonly zone: string;
}) {
  const { hours, board } = texts();
  return (
    <>
      <h3>
        {title} <span class="count">{people.length}</span>
      </h3>
      <ul class="people">
        {people.map(({ employee, since, visitor }) => (
          <li key={employee.employeeId}>
            <span aria-hidden="true">☐ </span>
            <strong>{employee.name}</strong>{' '}
            <span class="muted">
              {fill(board.since, { time: (isToday(since) ? timeIn : momentIn)(zone, new Date(since)) })}
              {visitor && ` · ${hours.visitor}`}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

const isToday = (moment: string): boolean => Date.now() - Date.parse(moment) < 12 * 3_600_000;
