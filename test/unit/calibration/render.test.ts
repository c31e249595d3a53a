import { measure } from '../../../src/services/reports/calibration/measure';
import { renderText } from '../../../src/services/reports/calibration/render-text';
import { buildReport, type CalibrationReport } from '../../../src/services/reports/calibration/report';
import { crowd } from '../../support/calibration-people';

const HOSTILE_NAME = 'Eve \u001b[2J\u202e\n<script>';

let report: CalibrationReport;
beforeAll(async () => {
  report = buildReport(await measure(crowd({ people: 60, templates: (p) => 1 + (p % 2) })), {
    modelId: 'test-model',
    ofServer: false,
    generatedAt: new Date('2026-01-02T03:04:05Z'),
    targetFmr: 0.01,
    employee: (id) => (id === 'person-1' ? undefined : { employeeId: id.toUpperCase(), name: HOSTILE_NAME }),
  });
});

describe('the report as text', () => {
  test('says model, time, data, every threshold, the advice and the closest pairs', () => {
    const text = renderText(report);
    expect(text).toContain('Matching report of model test-model, 2026-01-02T03:04:05.000Z');
    expect(text).toMatch(/employees +60\n/);
    for (let percent = 80; percent <= 99; percent++) expect(text).toMatch(new RegExp(`\n +0\\.${percent} `));
    expect(text).toContain(`FACE_MATCH_THRESHOLD=${report.advice.threshold}`);
    expect(text).toMatch(/PERSON-\d+ Eve/);
    expect(text).toContain('not independent');
  });

  test('has its columns aligned', () => {
    const rows = renderText(report)
      .split('\n')
      .filter((line) => /^ +0\.[89]\d /.test(line));
    expect(rows).toHaveLength(20);
    expect(new Set(rows.map((row) => row.length)).size).toBe(1);
  });

  test('lets no name move the cursor, break the line or turn the direction', () => {
    expect(renderText(report)).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u);
    expect(renderText(report)).toContain('Eve ?[2J??<script>');
  });

  test('writes rates that are too small for three digits as powers of ten', () => {
    const [row] = report.thresholds;
    const tiny = { errors: 1, comparisons: 1e6, rate: 1e-6, low: 2.5e-8, high: 5.6e-6 };
    const text = renderText({
      ...report,
      thresholds: [{ ...(row as (typeof report.thresholds)[number]), fmr: tiny }],
    });
    expect(text).toContain('1.0e-6  2.5e-8 .. 5.6e-6  1/1,000,000');
  });

  test('says that it knows nothing if nobody is enrolled', async () => {
    const empty = buildReport(await measure([]), {
      modelId: 'test-model',
      ofServer: false,
      generatedAt: new Date(0),
      targetFmr: 1e-4,
      employee: () => undefined,
    });
    const text = renderText(empty);
    expect(text).toContain('Not enough data: 0 people');
    expect(text).not.toMatch(/NaN|Infinity|undefined/);
  });
});
