import { barText } from './words';

/** What was worked beside what was planned. Half a day more than a day's work fits in. */
export function DayBar({ worked, planned }: { readonly worked: number; readonly planned: number }) {
  const whole = Math.max(720, worked, planned);
  const share = (minutes: number): string => `${(100 * minutes) / whole}%`;
  return (
    <svg
      class="bar"
      role="img"
      aria-label={barText(worked, planned)}
      viewBox="0 0 100 12"
      preserveAspectRatio="none"
    >
      <rect class="planned" width={share(planned)} height="12" />
      <rect class="worked" y="3" width={share(worked)} height="6" />
    </svg>
  );
}
