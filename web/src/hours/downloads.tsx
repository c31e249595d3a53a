import { useEffect, useRef, useState } from 'preact/hooks';
import type { Api } from '../api';
import { fill, language, texts } from '../messages';
import { dateIn } from '../shared/time';
import { BrokenDownload, download, type Progress, save } from './download';
import { DownloadState } from './download-state';
import type { ReportInput } from './hours-api';
import { problemText } from './words';

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
  /** In which it is decided what day it is; null: the browser's. */
  readonly zone: string | null;
}

/** Files for the payroll clerk. */
export function Downloads({ api, officeId, zone }: Props) {
  const { hours } = texts();
  const [kind, setKind] = useState<(typeof KINDS)[number]>('TIMESHEET_DAYS');
  const [format, setFormat] = useState<(typeof FORMATS)[number]>('CSV');
  const [from, setFrom] = useState(() => `${dateIn(zone, new Date()).slice(0, 7)}-01`);
  const [until, setUntil] = useState(() => dateIn(zone, new Date()));
  const [problem, setProblem] = useState<string | null>(null);
  const [progress, setProgress] = useState<Progress | null>(null);
  const [saved, setSaved] = useState<string | null>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);
  const start = async (): Promise<void> => {
    const controller = new AbortController();
    running.current = controller;
    setProblem(null);
    setSaved(null);
    setProgress({ people: null, total: 0, bytes: 0 });
    try {
      const csv = { locale: language(), bom: true } as NonNullable<ReportInput['csv']>;
      const office = officeId === null ? {} : { officeId };
      const { url, fileName } = await api.hours.report({ kind, format, from, until, csv, ...office });
      save(await download(url, format, controller.signal, setProgress), fileName);
      setSaved(fileName);
    } catch (error) {
      const broken = error instanceof BrokenDownload;
      if (!controller.signal.aborted) setProblem(broken ? hours.downloading.broken : problemText(error));
    } finally {
      setProgress(null);
    }
  };
  return (
    <form
      class="card files"
      onSubmit={(event) => {
        event.preventDefault();
        void start();
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
      <p role="status">{saved !== null && fill(hours.downloading.saved, { file: saved })}</p>
      {progress === null ? (
        <button class="primary">{hours.download}</button>
      ) : (
        <DownloadState progress={progress} onCancel={() => running.current?.abort()} />
      )}
    </form>
  );
}
