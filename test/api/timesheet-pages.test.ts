/** Real: the service over HTTP and the database of the run. There is nobody: what a page may ask for is decided before. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, isObjectType, isScalarType, isEnumType, getNamedType } from 'graphql';
import { TestService } from '../support/service';

const MONTH = { from: '2026-03-01', until: '2026-03-31' };
const WEEK = { from: '2026-03-02', until: '2026-03-08' };
const QUARTER = { from: '2026-01-01', until: '2026-04-02' };

const schema = buildSchema(readFileSync(join(__dirname, '..', '..', 'src', 'schema.graphql'), 'utf8'));

/** All plain fields of a type. */
function plainFields(name: string): string {
  const type = schema.getType(name);
  if (!isObjectType(type)) throw new Error(`There is no type ${name}`);
  return Object.values(type.getFields())
    .filter(({ type }) => isScalarType(getNamedType(type)) || isEnumType(getNamedType(type)))
    .map((field) => field.name)
    .join(' ');
}

const FIGURES = `figures { ${plainFields('WorkFigures')} }`;
const STEPS = 'steps { figure key minutes code text }';
const WHOLE_DAY = `${plainFields('WorkDay')} ${FIGURES} spans { ${plainFields('WorkSpan')} login { id recordedAt } logout { id recordedAt } }
  steps { ${plainFields('WorkDayStep')} values { name value } } shift { name } holiday { name } absences { id }`;

const sheets = (fields: string): string => `query ($filter: TimesheetFilter!, $first: Int!) {
  timesheets(filter: $filter, first: $first) { totalCount pageInfo { endCursor } nodes { employee { employeeId name } ${fields} } } }`;

describe('a page of timesheets', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await TestService.start();
  });
  afterAll(() => service.stop());

  // As docs/guide/hours.md says.
  it.each([
    ['200 people with totals of a quarter', 200, QUARTER, `totals { ${plainFields('WorkFigures')} }`],
    [
      '50 people with the figures of each day of a month',
      50,
      MONTH,
      'days { date status figures { workedMinutes expectedMinutes balanceMinutes lateMinutes } }',
    ],
    ['50 people with the steps of each day of a week', 50, WEEK, `days { date ${STEPS} }`],
    [
      '10 people with the steps of each day of a month',
      10,
      MONTH,
      `days { date status ${FIGURES} ${STEPS} }`,
    ],
  ])('may have %s', async (_, first, filter, fields) => {
    expect(await service.ask(sheets(fields), { filter, first })).toMatchObject({
      timesheets: { totalCount: 0 },
    });
  });

  it('must not have 50 people with the steps of each day of a month: the answer says the bound', async () => {
    const fault = await service.fault(sheets(`days { date ${STEPS} }`), { filter: MONTH, first: 50 });
    expect(fault.message).toMatch(
      /complexity \d+ exceeds the limit of 20000\. Request fewer rows, dates or fields/,
    );
    const { extensions } = fault;
    expect(extensions).toMatchObject({ code: 'BAD_USER_INPUT', limit: 20_000 });
    expect(extensions['complexity']).toBeGreaterThan(20_000);
    // The bound tells how many fit.
    const first = Math.floor((50 * 20_000) / Number(extensions['complexity']));
    await service.ask(sheets(`days { date ${STEPS} }`), { filter: MONTH, first: first - 1 });
  });

  it('costs what its dates cost, wherever they are written, and no less if they are upside down', async () => {
    const literal = (from: string, until: string): string =>
      `{ timesheets(filter: { from: "${from}", until: "${until}" }, first: 50) { nodes { days { date ${STEPS} } } } }`;
    expect((await service.fault(literal(MONTH.from, MONTH.until), {})).extensions).toMatchObject({
      limit: 20_000,
    });
    await service.ask(literal(WEEK.from, WEEK.until), {});
    expect((await service.fault(literal(WEEK.until, WEEK.from), {})).extensions).toMatchObject({
      field: 'until',
    });
  });

  it('one timesheet of the longest range may have every field of a day', async () => {
    const query = `query ($from: LocalDate!, $until: LocalDate!) {
      timesheet(employeeId: "nobody", from: $from, until: $until) { days { ${WHOLE_DAY} } } }`;
    expect((await service.fault(query, QUARTER)).extensions).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('200 days in one list may have every field', async () => {
    const query = `query ($filter: WorkDayFilter!) { workDays(filter: $filter, first: 200) { totalCount nodes { ${WHOLE_DAY} } } }`;
    expect(await service.ask(query, { filter: MONTH })).toMatchObject({ workDays: { totalCount: 0 } });
  });
});
