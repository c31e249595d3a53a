import { count } from './count';
import { renderText } from './render-text';
import type { CalibrationReport, Distribution } from './report';

/** Blue and orange that colour-blind people can distinguish (Okabe and Ito). */
const COLOURS = { impostor: '#D55E00', genuine: '#0072B2' } as const;
const WIDTH = 640;
const HEIGHT = 300;
const BIN = 0.005;

interface Axis {
  readonly title: string;
  readonly ticks: readonly { readonly value: number; readonly label: string }[];
  /** Where a value lies: 0 is the start of the axis, 1 its end. */
  readonly at: (value: number) => number;
}

const px = (x: number): string => String(Math.round(x * 100) / 100);
const text = (x: number, y: number, content: string, more = ''): string =>
  `<text x="${px(x)}" y="${px(y)}"${more}>${content}</text>`;

/** Linear, with about ten ticks at 1, 2 or 5 times a power of ten. */
function linear(title: string, low: number, high: number): Axis {
  const decade = 10 ** Math.floor(Math.log10((high - low) / 5));
  const step = [1, 2, 5].map((n) => n * decade).find((each) => (high - low) / each <= 10) ?? 10 * decade;
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  const ticks = Array.from({ length: count }, (_, i) => Number(((first + i) * step).toPrecision(6)));
  return {
    title,
    ticks: ticks.map((value) => ({ value, label: String(value) })),
    at: (value) => (value - low) / (high - low),
  };
}

/** Logarithmic up to 1, from the power of ten below all values; two decades if there is nothing to show. */
function logarithmic(title: string, values: readonly number[]): Axis {
  const decades = Math.max(2, -Math.floor(Math.log10(Math.min(...values, 1))));
  const ticks = Array.from({ length: decades + 1 }, (_, i) => 10 ** (i - decades));
  return {
    title,
    ticks: ticks.map((value) => ({ value, label: value.toExponential(0) })),
    at: (value) => 1 + Math.log10(value) / decades,
  };
}

/** A diagram with its title, axes and grid around what it shows. */
function diagram(top: number, title: string, x: Axis, y: Axis, marks: readonly string[]): string {
  const vertical = x.ticks.map(({ value, label }) => {
    const left = x.at(value) * WIDTH;
    return `<path stroke="#ddd" d="M${px(left)} 0V${HEIGHT}"/>${text(left, HEIGHT + 16, label, ' text-anchor="middle"')}`;
  });
  const horizontal = y.ticks.map(({ value, label }) => {
    const down = (1 - y.at(value)) * HEIGHT;
    return `<path stroke="#ddd" d="M0 ${px(down)}H${WIDTH}"/>${text(-6, down + 4, label, ' text-anchor="end"')}`;
  });
  return [
    `<g transform="translate(70 ${top})">`,
    text(0, -12, title, ' font-size="13" font-weight="bold"'),
    ...vertical,
    ...horizontal,
    text(WIDTH / 2, HEIGHT + 36, x.title, ' text-anchor="middle"'),
    text(-HEIGHT / 2, -54, y.title, ' text-anchor="middle" transform="rotate(-90)"'),
    ...marks,
    '</g>',
  ].join('\n');
}

function distributions(kinds: readonly (Distribution & { name: string; colour: string })[]): string {
  const shares = kinds.flatMap(({ bins, compared }) => bins.map(({ count }) => count / compared));
  const x = linear('cosine', Math.min(0.5, ...kinds.flatMap(({ bins }) => bins.map(({ from }) => from))), 1);
  const y = linear(`share of pairs per ${BIN}`, 0, Math.max(BIN, ...shares));
  const marks = kinds.flatMap(({ name, colour, bins, compared }, i) => [
    ...bins.map(({ from, count }) => {
      const [left, height] = [x.at(from) * WIDTH, y.at(count / compared) * HEIGHT];
      const width = x.at(Math.min(1, from + BIN)) * WIDTH - left;
      return `<path fill="${colour}" fill-opacity="0.6" d="M${px(left)} ${HEIGHT}v${px(-height)}h${px(width)}v${px(height)}z"/>`;
    }),
    `<rect x="8" y="${8 + 16 * i}" width="10" height="10" fill="${colour}"/>`,
    text(24, 17 + 16 * i, `${name} (${count(compared)} pairs)`),
  ]);
  return diagram(40, 'Similarity of pairs of templates', x, y, marks);
}

function tradeOff(curve: CalibrationReport['curve']): string {
  const x = logarithmic(
    'false match rate (FMR)',
    curve.map(({ fmr }) => fmr),
  );
  const y = logarithmic(
    'false non-match rate (FNMR)',
    curve.map(({ fnmr }) => fnmr),
  );
  const points = curve.map(({ threshold, fmr, fnmr }) => ({
    threshold,
    left: x.at(fmr) * WIDTH,
    down: (1 - y.at(fnmr)) * HEIGHT,
  }));
  const line = points.map(({ left, down }) => `${px(left)},${px(down)}`).join(' ');
  const labelled = points.filter(({ threshold }) => Math.round(threshold * 1000) % 10 === 0);
  const explanation =
    curve.length === 0
      ? 'No threshold has errors of both kinds, so there is no curve to draw.'
      : 'Points are labelled with the threshold.';
  return diagram(430, `Detection error trade-off (DET). ${explanation}`, x, y, [
    `<polyline points="${line}" fill="none" stroke="#333" stroke-width="2"/>`,
    ...labelled.map(
      ({ threshold, left, down }) =>
        `<circle cx="${px(left)}" cy="${px(down)}" r="3"/>${text(left + 6, down - 6, threshold.toFixed(2))}`,
    ),
  ]);
}

/** The two distributions above, the detection error trade-off below, as one SVG. */
export function renderSvg({ impostor, genuine, curve }: CalibrationReport): string {
  const upper = distributions([
    { ...impostor, name: 'different people', colour: COLOURS.impostor },
    { ...genuine, name: 'same person', colour: COLOURS.genuine },
  ]);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 750 790" width="750" height="790" font-family="sans-serif" font-size="11">
<rect width="100%" height="100%" fill="white"/>
${upper}
${tradeOff(curve)}
</svg>
`;
}

/** One page without any script or outside address: the plot, and the report's text below it. */
export function renderHtml(report: CalibrationReport): string {
  const title = escape(`Matching report of model ${report.modelId}`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>body { font-family: sans-serif; margin: 2rem } svg { max-width: 100%; height: auto } pre { overflow-x: auto }</style>
</head>
<body>
<h1>${title}</h1>
${renderSvg(report)}
<pre>${escape(renderText(report))}</pre>
</body>
</html>
`;
}

/** Names are what somebody typed; in a page they must stay text. */
const escape = (content: string): string =>
  content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
