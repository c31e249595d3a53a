import { useState } from 'preact/hooks';
import type { Api } from '../api';
import { language, texts } from '../messages';
import type { ReportInput } from './hours-api';
import { problemText, today } from './words';

const KINDS = [
  'TIMESHEET_DAYS',
  'TIMESHEET_SPANS',
  'TIMESHEET_TOTALS',
  'EXCEPTIONS',
  'HOURS_BY_WEEK',
  'HOURS_BY_MONTH',
] as const;
const FORMATS = ['CSV', 'XLSX', 'JSON'] as const;

interface Props {
  readonly api: Api;
  readonly officeId: string | null;
}

/** Files for the payroll clerk. */
export function Downloads({ api, officeId }: Props) {
  const { hours } = texts();
  const [kind, setKind] = useState<(typeof KINDS)[number]>('TIMESHEET_DAYS');
  const [format, setFormat] = useState<(typeof FORMATS)[number]>('CSV');
  const [from, setFrom] = useState(() => `${today().slice(0, 7)}-01`);
  const [until, setUntil] = useState(today);
  const [problem, setProblem] = useState<string | null>(null);
  const download = async (): Promise<void> => {
    setProblem(null);
    try {
      const csv = { locale: language(), bom: true } as NonNullable<ReportInput['csv']>;
      location.assign(
        await api.hours.report({
          kind,
          format,
          from,
          until,
          csv,
          ...(officeId === null ? {} : { officeId }),
        }),
      );
    } catch (error) {
      setProblem(problemText(error));
    }
  };
  return (
    <form
      class="card files"
      onSubmit={(event) => {
        event.preventDefault();
        void download();
      }}
    >
      <h2>{hours.files}</h2>
      <div class="row">
        <label>
          {hours.report}
          <select value={kind} onChange={({ currentTarget }) => setKind(currentTarget.value as typeof kind)}>
            {KINDS.map((each) => (
              <option key={each} value={each}>
                {hours.reports[each]}
              </option>
            ))}
          </select>
        </label>
        <label>
          {hours.format}
          <select
            value={format}
            onChange={({ currentTarget }) => setFormat(currentTarget.value as typeof format)}
          >
            {FORMATS.map((each) => (
              <option key={each} value={each}>
                {each}
              </option>
            ))}
          </select>
        </label>
        <label>
          {hours.from}
          <input
            type="date"
            value={from}
            required
            onInput={({ currentTarget }) => setFrom(currentTarget.value)}
          />
        </label>
        <label>
          {hours.until}
          <input
            type="date"
            value={until}
            required
            onInput={({ currentTarget }) => setUntil(currentTarget.value)}
          />
        </label>
      </div>
      <p class="problem" role="alert">
        {problem}
      </p>
      <button class="primary">{hours.download}</button>
    </form>
  );
}
