import type { Window } from './load';
import type { Server } from './servers';

/** One server under one number of clients, in one round. */
export interface Sample extends Window {
  readonly server: Server['name'];
  readonly clients: number;
  readonly round: number;
  /** Of the server's process alone. */
  readonly cpuSeconds: number;
}

/** Markdown: a row each number of clients and server, medians over the rounds, and what the goals came to. */
export function report(
  samples: readonly Sample[],
  clientCounts: readonly number[],
  peakMegabytes: Readonly<Record<Server['name'], number>>,
): string {
  const of = (server: Server['name'], clients: number): readonly Sample[] =>
    samples.filter((sample) => sample.server === server && sample.clients === clients);
  const lines = clientCounts.flatMap((clients) => {
    const service = of('service', clients);
    const floor = of('floor', clients);
    return [
      line(clients, 'service', service, `**${pairedRatio(service, floor, cpuPerThousand).toFixed(2)}**`),
      line(clients, 'floor', floor, ''),
    ];
  });
  const scaling = pairedRatio(of('service', 32), of('service', 8), perSecond);
  return [
    '| clients | server | requests/s | p50 ms | p99 ms | CPU s / 1000 requests | CPU, service : floor |',
    '| ---: | --- | ---: | ---: | ---: | ---: | ---: |',
    ...lines,
    '',
    `Peak memory (VmHWM): service ${peakMegabytes.service.toFixed(0)} MB, floor ${peakMegabytes.floor.toFixed(0)} MB.`,
    `Throughput of the service with 32 clients: ${scaling.toFixed(2)} x that with 8.`,
  ].join('\n');
}

const perSecond = ({ latencies, seconds }: Sample): number => latencies.length / seconds;
const cpuPerThousand = ({ cpuSeconds, latencies }: Sample): number => (cpuSeconds / latencies.length) * 1000;

function line(clients: number, server: string, samples: readonly Sample[], note: string): string {
  const figure = (of: (sample: Sample) => number, digits: number): string =>
    quantile(samples.map(of), 0.5).toFixed(digits);
  const cells = [
    clients,
    server,
    figure(perSecond, 0),
    figure(({ latencies }) => quantile(latencies, 0.5), 1),
    figure(({ latencies }) => quantile(latencies, 0.99), 1),
    figure(cpuPerThousand, 2),
    note,
  ];
  return `| ${cells.join(' | ')} |`;
}

/** The median of the ratios of each round: what slows the machine for a while slows both sides of a ratio. */
function pairedRatio(
  above: readonly Sample[],
  below: readonly Sample[],
  figure: (sample: Sample) => number,
): number {
  const ratios = above.flatMap((sample) =>
    below.filter(({ round }) => round === sample.round).map((other) => figure(sample) / figure(other)),
  );
  return quantile(ratios, 0.5);
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}
