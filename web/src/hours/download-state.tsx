import { fill, locale, texts } from '../messages';
import type { Progress } from './download';

interface Props {
  readonly progress: Progress;
  readonly onCancel: () => void;
}

/** How far a download is, and a way to end it. */
export function DownloadState({ progress: { people, total, bytes }, onCancel }: Props) {
  const { common, hours } = texts();
  const digits = new Intl.NumberFormat(locale(), { maximumFractionDigits: 1 });
  const text =
    people === null
      ? fill(hours.downloading.size, { size: digits.format(bytes / 1e6), total: digits.format(total) })
      : fill(hours.downloading.people, { people: digits.format(people), total: digits.format(total) });
  return (
    <div class="row downloading">
      <progress
        aria-label={hours.downloading.progress}
        max={Math.max(total, 1)}
        {...(people === null ? {} : { value: people })}
      />
      <span role="status">{text}</span>
      <button type="button" onClick={onCancel}>
        {common.cancel}
      </button>
    </div>
  );
}
