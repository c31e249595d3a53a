import type { Outcome } from './run';

/** Markdown: a row for each number of workers, and how the memory of the long run went. */
export function report(outcomes: readonly Outcome[], growth: Outcome): string {
  return [
    '| workers | images | images/s | p50 ms | p99 ms | event loop, p99 / max ms | ready after ms | peak memory MB |',
    '| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...outcomes.map(line),
    '',
    `Memory (MB of RSS) of 1 worker after each tenth of ${growth.images.toLocaleString('en')} images: ${growth.megabytes.map(whole).join(', ')}.`,
  ].join('\n');
}

function line(outcome: Outcome): string {
  const { workers, images, seconds, latencies, loopDelay, warmMs, peak } = outcome;
  const cells = [
    workers,
    images.toLocaleString('en'),
    (images / seconds).toFixed(1),
    whole(quantile(latencies, 0.5)),
    whole(quantile(latencies, 0.99)),
    `${loopDelay.p99.toFixed(1)} / ${loopDelay.max.toFixed(1)}`,
    whole(warmMs),
    whole(peak),
  ];
  return `| ${cells.join(' | ')} |`;
}

const whole = (value: number): string => value.toFixed(0);

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}
