/** Real: the service over HTTP, its schema, the database, descriptors of real photos, streams. Fake: nothing. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, isEnumType, isInputObjectType, isInterfaceType, isObjectType } from 'graphql';
import { TemplateSource } from '../../src/entities/face-template.entity';
import { Role } from '../../src/entities/role';
import { roundedDown, VisibleScores } from '../../src/services/access/visible-scores';
import { ADMIN_KEY, createKey, createOffice, Speaker, startClosed } from '../support/access';
import {
  CHECK,
  type CheckAnswer,
  check,
  collins,
  hopperAgain,
  register,
  REGISTER,
} from '../support/operations';
import type { TestService } from '../support/service';
import { EventStream } from '../support/streams';

const ROOT = join(__dirname, '..', '..');

/** Every field that says how alike faces are, or what would be enough. */
const SCORES = [
  'Attendance.similarity',
  'CheckAttendanceResult.similarity',
  'ClosePairOfEmployees.similarity',
  'FaceMismatch.threshold',
  'FaceNotRecognized.threshold',
];
/** Settings and rates, which say nothing of a face. */
const NO_SCORES = [
  ...['ThresholdAdvice.threshold', 'ThresholdErrors.threshold', 'MatchingReport.thresholds'],
  // Which templates were compared. Null if the score is hidden.
  'CheckAttendanceResult.similarityOf',
];
const LIKE_A_SCORE = /similar|score|threshold|cosine|confidence|likeness|certain/i;

describe('the fields that tell a score', () => {
  const schema = buildSchema(readFileSync(join(ROOT, 'src', 'schema.graphql'), 'utf8'));
  const named = Object.values(schema.getTypeMap()).flatMap((type) => {
    if (type.name.startsWith('__') || isEnumType(type) || isInputObjectType(type)) return [];
    if (!isObjectType(type) && !isInterfaceType(type)) return [];
    const inherited = new Set(type.getInterfaces().flatMap((each) => Object.keys(each.getFields())));
    return Object.values(type.getFields())
      .filter(({ name }) => LIKE_A_SCORE.test(name) && !inherited.has(name))
      .map(({ name }) => `${type.name}.${name}`);
  });

  it('are known, each in the table of docs/design/security.md', () => {
    expect(named.sort()).toEqual([...SCORES, ...NO_SCORES].sort());
    const docs = readFileSync(join(ROOT, 'docs', 'design', 'security.md'), 'utf8');
    for (const field of SCORES) expect(docs).toContain(`\`${field}\``);
    for (const setting of ['SimilaritySummary', 'FACE_ALREADY_ENROLLED', 'exportEmployeeData']) {
      expect(docs).toContain(setting);
    }
  });
});

describe('a score', () => {
  it.each([
    [0.9999, 0.99],
    [0.29, 0.29],
    [0.57, 0.57],
    [0.9499999, 0.94],
    [-0.001, -0.01],
    [1, 1],
    [0, 0],
  ])('%d is told as %d', (exact, told) => expect(roundedDown(exact)).toBe(told));

  it('of a refused face is below the threshold, whatever the threshold', () => {
    const scores = new VisibleScores('always');
    for (let step = 1; step <= 1000; step++) {
      const threshold = step / 1000;
      for (const similarity of [threshold, threshold - 1e-9, threshold + 0.01, 2]) {
        const told = scores.of({ similarity, threshold, matched: false }, null) as number;
        expect(told).toBeLessThan(threshold);
        expect(threshold - told).toBeLessThanOrEqual(0.0100001);
      }
    }
  });

  it('depends on role, exposure, outcome and whose descriptor decided', () => {
    const table = (['always', 'match', 'never'] as const).map((exposure) =>
      [Role.ADMIN, Role.KIOSK].map((role) =>
        [TemplateSource.SERVER, TemplateSource.CLIENT].map((source) =>
          [true, false].map(
            (matched) =>
              new VisibleScores(exposure).of({ similarity: 0.5, matched, sources: [source] }, { role }) !==
              null,
          ),
        ),
      ),
    );
    const [all, matches, none] = [
      [true, true],
      [true, false],
      [false, false],
    ];
    expect(table).toEqual([
      [
        [all, all],
        [all, none],
      ],
      [
        [matches, matches],
        [matches, none],
      ],
      [
        [none, none],
        [none, none],
      ],
    ]);
  });
});

describe.each([undefined, 'always', 'never'])('EXPOSE_SIMILARITY=%s on a service with a key', (expose) => {
  let service: TestService;
  let admin: Speaker;
  let kiosk: Speaker;

  beforeAll(async () => {
    const env = {
      FACE_DESCRIPTOR_TRUST: 'client',
      ...(expose === undefined ? {} : { EXPOSE_SIMILARITY: expose }),
    };
    ({ service, admin } = await startClosed({ env }));
    const officeId = await createOffice(admin, { name: 'Lima' });
    kiosk = new Speaker(service, (await createKey(admin, { role: 'KIOSK', officeId })).secret);
    await register(admin, { officeId });
    await register(admin, { employeeId: 'EMP-2', name: 'Eileen Collins', officeId, ...collins });
  });
  afterAll(() => service.stop());

  /** Of a match: the cosine is 0.9950…; and of a refused face, 0.894… */
  const matched = expose === 'never' ? null : 0.99;
  const refused = expose === 'always' ? 0.89 : null;
  const QUERY = '{ attendances { nodes { similarity } } }';
  const similarities = async (speaker: Speaker): Promise<unknown> => {
    const { attendances } = await speaker.ask<{ attendances: { nodes: { similarity: number }[] } }>(QUERY);
    return new Set(attendances.nodes.map(({ similarity }) => similarity));
  };

  it('checks, lists and streams tell the same', async () => {
    const query = 'subscription { attendanceRecorded { similarity } }';
    const streams = await Promise.all(
      [ADMIN_KEY, kiosk.credential].map((credential) => EventStream.open(service.url, { query, credential })),
    );
    try {
      for (const stream of streams) await stream.until(({ comments }) => comments > 0);
      for (const [speaker, told] of [
        [admin, matched],
        [kiosk, null],
      ] as const) {
        const answer = await check(speaker, hopperAgain);
        expect(answer).toMatchObject({
          status: 'RECORDED',
          similarity: told,
          attendance: { similarity: told ?? 1 },
        });
        const no = await check(speaker, { ...hopperAgain, employeeId: 'EMP-2' });
        const shown = speaker === kiosk ? null : refused;
        expect(no).toMatchObject({
          status: 'FACE_MISMATCH',
          similarity: shown,
          threshold: shown === null ? 1 : 0.95,
        });
      }
      const seen = await Promise.all(
        streams.map(async (stream) => {
          await stream.until(({ punches }) => punches.length === 2);
          return stream.punches.map((punch) => (punch as unknown as { similarity: number }).similarity);
        }),
      );
      expect(seen).toEqual([Array(2).fill(matched ?? 1), [1, 1]]);
    } finally {
      for (const stream of streams) stream.close();
    }
    for (const role of ['ADMIN', 'HR', 'VIEWER'] as const) {
      const { secret } = await createKey(admin, { role });
      expect(await similarities(new Speaker(service, secret))).toEqual(new Set([matched ?? 1]));
    }
  });

  it('faults of enrolment tell no more', async () => {
    const duplicate = await admin.fault(REGISTER, { input: { name: 'X', employeeId: 'X', ...hopperAgain } });
    expect(duplicate.extensions.code).toBe('FACE_ALREADY_ENROLLED');
    expect(duplicate.extensions['similarity']).toBe(expose === 'always' ? 0.99 : undefined);
    const unlike = await admin.fault(
      'mutation ($input: FaceTemplateInput!) { addFaceTemplate(input: $input) { template { id } } }',
      { input: { employeeId: 'EMP-1', allowDuplicateFace: true, ...collins } },
    );
    expect(unlike.extensions['similarity']).toBe(expose === 'always' ? 0.89 : undefined);
    expect(unlike.message.match(/\d\.\d+/g)).toEqual(expose === 'always' ? ['0.89', '0.9'] : null);
  });

  it('reports tell pairs with two decimals, or not at all', async () => {
    const { matchingReport: report } = await admin.ask<{
      matchingReport: {
        closestPairs: { similarity: number }[];
        impostor: { summary: Record<string, number> };
      };
    }>('{ matchingReport { closestPairs { similarity } impostor { summary { min max mean median } } } }');
    expect(report.closestPairs).toEqual([{ similarity: expose === 'never' ? 1 : 0.89 }]);
    for (const figure of Object.values(report.impostor.summary)) expect(figure).toBe(0.89);
  });

  it('the audit trail, metrics and review items have none', async () => {
    await service.app.settle();
    const { data } = await admin.send<{ checkAttendance: CheckAnswer }>(CHECK, { input: { ...collins } });
    expect(data).toBeDefined();
    const [{ text } = { text: '' }] = await service.sql<{ text: string }>(
      `SELECT coalesce(string_agg(details::text, ' '), '') AS text FROM audit_events`,
    );
    expect(text).not.toMatch(/0\.\d/);
  });
});
