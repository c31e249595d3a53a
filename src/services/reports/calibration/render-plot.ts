import type { Spec } from 'vega';
import { renderText } from './render-text';
import type { CalibrationReport, Distribution } from './report';

/** Blue and orange that colour-blind people tell apart (Okabe and Ito). */
const COLOURS = { impostor: '#D55E00', genuine: '#0072B2' } as const;
const WIDTH = 640;
const HEIGHT = 300;
const BIN = 0.005;
/** Between the two diagrams, for the axis of the upper and the title of the lower one. */
const GAP = 90;

/** The two distributions above, the DET curve below, as one SVG. Loads Vega, which the service never needs. */
export async function renderSvg(report: CalibrationReport): Promise<string> {
  const { parse, View } = await import('vega');
  const view = new View(parse(specification(report)), { renderer: 'none' });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

/** One page without any script or outside address: the plot, and the report's text below it. */
export async function renderHtml(report: CalibrationReport): Promise<string> {
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
${await renderSvg(report)}
<pre>${escape(renderText(report))}</pre>
</body>
</html>
`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Names are what somebody typed; in a page they must stay text. */
const escape = (text: string): string => text.replace(/[&<>"']/g, (c) => ENTITIES[c] as string);

function specification(report: CalibrationReport): Spec {
  const { impostor, genuine, curve } = report;
  const bars = [...bins('impostor', impostor), ...bins('genuine', genuine)];
  const pairs = (name: string, d: Distribution): string =>
    `${name} (${d.compared.toLocaleString('en-US')} pairs)`;
  return {
    $schema: 'https://vega.github.io/schema/vega/v5.json',
    description: 'Similarity distributions of pairs of templates, and the detection error trade-off.',
    padding: 10,
    background: 'white',
    width: WIDTH,
    height: 2 * HEIGHT + GAP,
    data: [
      { name: 'bars', values: bars },
      { name: 'curve', values: [...curve] },
      { name: 'labels', values: curve.filter(({ threshold }) => Math.round(threshold * 1000) % 10 === 0) },
    ],
    scales: [
      {
        name: 'score',
        type: 'linear',
        range: [0, WIDTH],
        zero: false,
        domain: [Math.min(0.5, ...bars.map(({ from }) => from)), 1],
      },
      {
        name: 'share',
        type: 'linear',
        range: [HEIGHT, 0],
        domain: [0, Math.max(BIN, ...bars.map(({ share }) => share))],
        nice: true,
      },
      {
        name: 'kind',
        type: 'ordinal',
        domain: [pairs('different people', impostor), pairs('same person', genuine)],
        range: [COLOURS.impostor, COLOURS.genuine],
      },
      { name: 'fmr', type: 'log', range: [0, WIDTH], domain: decades(curve.map((point) => point.fmr)) },
      { name: 'fnmr', type: 'log', range: [HEIGHT, 0], domain: decades(curve.map((point) => point.fnmr)) },
    ],
    marks: [
      {
        type: 'group',
        encode: { enter: { width: { value: WIDTH }, height: { value: HEIGHT } } },
        title: { text: 'Similarity of pairs of templates', anchor: 'start' },
        axes: [
          { scale: 'score', gridScale: 'share', orient: 'bottom', title: 'cosine', grid: true },
          {
            scale: 'share',
            gridScale: 'score',
            orient: 'left',
            title: `share of pairs per ${BIN}`,
            grid: true,
          },
        ],
        legends: [{ fill: 'kind', orient: 'top-left', symbolType: 'square', labelLimit: 400 }],
        marks: [
          {
            type: 'rect',
            from: { data: 'bars' },
            encode: {
              enter: {
                x: { scale: 'score', field: 'from' },
                x2: { scale: 'score', field: 'to' },
                y: { scale: 'share', field: 'share' },
                y2: { scale: 'share', value: 0 },
                fill: { field: 'colour' },
                fillOpacity: { value: 0.6 },
              },
            },
          },
        ],
      },
      {
        type: 'group',
        encode: {
          enter: { y: { value: HEIGHT + GAP }, width: { value: WIDTH }, height: { value: HEIGHT } },
        },
        title: {
          text: 'Detection error trade-off (DET)',
          subtitle:
            curve.length === 0
              ? 'No threshold has errors of both kinds, so there is no curve to draw.'
              : 'Logarithmic axes; points are labelled with the threshold.',
          anchor: 'start',
        },
        axes: [
          {
            scale: 'fmr',
            gridScale: 'fnmr',
            orient: 'bottom',
            title: 'false match rate (FMR)',
            grid: true,
            format: '.0e',
          },
          {
            scale: 'fnmr',
            gridScale: 'fmr',
            orient: 'left',
            title: 'false non-match rate (FNMR)',
            grid: true,
            format: '.0e',
          },
        ],
        marks: [
          {
            type: 'line',
            from: { data: 'curve' },
            encode: {
              enter: {
                x: { scale: 'fmr', field: 'fmr' },
                y: { scale: 'fnmr', field: 'fnmr' },
                stroke: { value: '#333333' },
                strokeWidth: { value: 2 },
              },
            },
          },
          {
            type: 'symbol',
            from: { data: 'labels' },
            encode: {
              enter: {
                x: { scale: 'fmr', field: 'fmr' },
                y: { scale: 'fnmr', field: 'fnmr' },
                fill: { value: '#333333' },
                size: { value: 30 },
              },
            },
          },
          {
            type: 'text',
            from: { data: 'labels' },
            encode: {
              enter: {
                x: { scale: 'fmr', field: 'fmr', offset: 6 },
                y: { scale: 'fnmr', field: 'fnmr', offset: -6 },
                text: { signal: "format(datum.threshold, '.2f')" },
                fontSize: { value: 10 },
              },
            },
          },
        ],
      },
    ],
  };
}

function bins(kind: keyof typeof COLOURS, { bins: counted, compared }: Distribution) {
  return counted.map(({ from, count }) => ({
    from,
    to: Math.min(1, from + BIN),
    share: count / compared,
    colour: COLOURS[kind],
  }));
}

/** Whole powers of ten around the values; two decades where there is nothing to show. */
function decades(values: readonly number[]): [number, number] {
  const low = Math.floor(Math.log10(Math.min(...values, 1)));
  return [10 ** Math.min(low, -2), 1];
}
