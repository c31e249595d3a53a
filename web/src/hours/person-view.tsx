import { useCallback, useEffect, useState } from 'preact/hooks';
import type { Api, EmployeePage } from '../api';
import { texts } from '../messages';
import { dateIn } from '../shared/time';
import { DayRow } from './day-row';
import type { Timesheet } from './hours-api';
import { balanceText, hoursText, problemText } from './words';

interface Props {
  readonly api: Api;
  readonly employeeId: string | null;
  /** In which it is decided what day it is; null: the browser's. */
  readonly zone: string | null;
  readonly onPerson: (employeeId: string) => void;
}

/** The last day of a month as in 2026-03. */
function lastDay(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10);
}

/** A person's month: a row for each day, which opens to what it is made of. */
export function PersonView({ api, employeeId, zone, onPerson }: Props) {
  const { common, hours } = texts();
  const [month, setMonth] = useState(() => dateIn(zone, new Date()).slice(0, 7));
  const [sheet, setSheet] = useState<Timesheet | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const load = useCallback(async (): Promise<void> => {
    if (employeeId === null) return;
    try {
      setSheet(await api.hours.timesheet(employeeId, `${month}-01`, lastDay(month)));
      setProblem(null);
    } catch (error) {
      setProblem(problemText(error));
    }
  }, [api, employeeId, month]);
  useEffect(() => {
    setSheet(null);
    void load();
  }, [load]);

  return (
    <>
      <div class="row">
        <PersonChoice api={api} onPerson={onPerson} />
        <label>
          {hours.month}
          <input
            type="month"
            value={month}
            required
            onChange={({ currentTarget: { value } }) => /^\d{4}-\d\d$/.test(value) && setMonth(value)}
          />
        </label>
      </div>
      <p class="problem" role="alert">
        {problem}
      </p>
      {employeeId === null && <p class="muted">{hours.choosePerson}</p>}
      {employeeId !== null && sheet === null && problem === null && <p role="status">{common.loading}</p>}
      {sheet !== null && (
        <div class="card scroll" role="region" aria-label={hours.person} tabIndex={0}>
          <table class="month">
            <caption>
              {sheet.employee.name} ({sheet.employee.employeeId})
            </caption>
            <thead>
              <tr>
                {[hours.date, hours.status, hours.bars, hours.worked, hours.expected, hours.balance].map(
                  (title) => (
                    <th key={title} scope="col">
                      {title}
                    </th>
                  ),
                )}
              </tr>
            </thead>
            {sheet.days.map((day) => (
              <DayRow key={day.date} api={api} day={day} onChanged={() => void load()} />
            ))}
            <tfoot>
              <tr>
                <th scope="row" colSpan={3}>
                  {hours.total}
                </th>
                <td>{hoursText(sheet.totals.workedMinutes)}</td>
                <td>{hoursText(sheet.totals.expectedMinutes)}</td>
                <td>{balanceText(sheet.totals.balanceMinutes)}</td>
              </tr>
            </tfoot>
          </table>
        </div>
      )}
    </>
  );
}

function PersonChoice({ api, onPerson }: Pick<Props, 'api' | 'onPerson'>) {
  const { hours } = texts();
  const [search, setSearch] = useState('');
  const [found, setFound] = useState<EmployeePage['nodes']>([]);
  useEffect(() => {
    if (search.trim() === '') return setFound([]);
    let wanted = true;
    const show = ({ nodes }: EmployeePage): void => {
      if (wanted) setFound(nodes);
    };
    api.employees(search.trim(), null, 8).then(show, () => undefined);
    return () => void (wanted = false);
  }, [api, search]);
  return (
    <div class="choice">
      <label>
        {hours.findPerson}
        <input type="search" value={search} onInput={({ currentTarget }) => setSearch(currentTarget.value)} />
      </label>
      <ul>
        {found.map(({ employeeId, name }) => (
          <li key={employeeId}>
            <button
              type="button"
              onClick={() => {
                setSearch('');
                onPerson(employeeId);
              }}
            >
              {name} ({employeeId})
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
