import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { graphql, isObjectType, type GraphQLSchema } from 'graphql';
import { buildSchema } from 'type-graphql';
import type { DataSource } from 'typeorm';
import { createDataSource } from '../../ormconfig';
import { loadConfig } from '../../src/config/config';
import { createLoaders } from '../../src/context';
import { migrate } from '../../src/database/migrate';
import { MatchingReportResolver } from '../../src/resolvers/matching-report/matching-report.resolver';
import { CalibrationService } from '../../src/services/reports/calibration/calibration-service';
import { requesterOf } from '../../src/services/access/requester';
import { VisibleScores } from '../../src/services/access/visible-scores';
import { encodeTemplate } from '../../src/services/faces/engine/descriptor';
import type { EnrolledPerson } from '../../src/services/reports/calibration/template-set';
import { TemplateVault } from '../../src/services/faces/matching/template-vault';
import { createStorage, type TestStorage } from '../support/databases';
import { crowd } from '../support/calibration-people';

const MODEL = 'dlib-resnet-128';
const SERVER_MODEL = 'model-of-the-server';

describe('a matching report', () => {
  let storage: TestStorage;
  let dataSource: DataSource;
  const people = crowd({ people: 40, templates: (p) => 1 + (p % 3) });

  const enrol = async (
    { employee, templates }: EnrolledPerson,
    { active = true, model = MODEL }: { active?: boolean; model?: string } = {},
  ): Promise<void> => {
    const id = randomUUID();
    await dataSource.query(
      `INSERT INTO employees (id, name, name_key, employee_id, employee_id_key, active, created_at, image_path)
       VALUES ($1, $2, $2, $3, $4, $5, now(), 'none.jpg')`,
      [id, `Name of ${employee}`, employee, employee.toLowerCase(), active],
    );
    for (const template of templates) {
      await dataSource.query(
        `INSERT INTO face_templates (id, employee_id, vector, dimension, model_id, source, created_at)
         VALUES ($1, $2, $3, $4, $5, 'client', now())`,
        [randomUUID(), id, encodeTemplate(Float64Array.from(template)), template.length, model],
      );
    }
  };

  beforeAll(async () => {
    storage = await createStorage();
    const config = loadConfig({
      DATA_DIR: storage.dataDir,
      ...(storage.databaseUrl === null ? {} : { DATABASE_URL: storage.databaseUrl }),
    });
    dataSource = await createDataSource(config, {
      onFatal: (error) => {
        throw error;
      },
    }).initialize();
    await migrate(dataSource);
    for (const person of people) await enrol(person);
    const [other] = crowd({ people: 1, templates: () => 2 }) as [EnrolledPerson];
    await enrol({ ...other, employee: 'gone' }, { active: false });
    await enrol({ ...other, employee: 'other-model' }, { model: 'arcface' });
    await enrol({ employee: 'other-dimension', templates: [new Float32Array(64).fill(0.1)] });
  });

  afterAll(async () => {
    await dataSource.destroy();
    await storage.remove();
  });

  test('is about the active employees and the templates of one model and dimension', async () => {
    const report = await new CalibrationService(
      dataSource,
      new TemplateVault(null),
      MODEL,
      SERVER_MODEL,
      () => new Date(0),
    ).report(0.01);
    expect(report).toMatchObject({
      modelId: MODEL,
      generatedAt: new Date(0),
      employees: 40,
      templates: people.reduce((sum, { templates }) => sum + templates.length, 0),
      skippedTemplates: 1,
    });
    expect(report.advice.status).toBe('ADVISED');
    const { first, second } = report.closestPairs[0] as (typeof report.closestPairs)[number];
    expect(first.name).toBe(`Name of ${first.employeeId}`);
    expect(second.employeeId).not.toBe(first.employeeId);
  });

  test('is measured once for all who ask at the same time, each for their own rate', async () => {
    const service = new CalibrationService(dataSource, new TemplateVault(null), MODEL, SERVER_MODEL);
    const read = jest.spyOn(dataSource, 'query');
    try {
      const reports = await Promise.all([0.01, 0.02, 0.01].map((fmr) => service.report(fmr)));
      expect(reports.map(({ advice }) => advice.targetFmr)).toEqual([0.01, 0.02, 0.01]);
      expect(read.mock.calls.filter(([sql]) => sql.includes('t.vector'))).toHaveLength(1);
      await service.report(0.01);
      expect(read.mock.calls.filter(([sql]) => sql.includes('t.vector'))).toHaveLength(2);
    } finally {
      read.mockRestore();
    }
  });

  test('is given up when the service stops', async () => {
    const service = new CalibrationService(dataSource, new TemplateVault(null), MODEL, SERVER_MODEL);
    const asked = expect(service.report(0.01)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await service.close();
    await asked;
  });

  describe('over GraphQL', () => {
    let schema: GraphQLSchema;
    beforeAll(async () => {
      const resolver = new MatchingReportResolver(
        new CalibrationService(dataSource, new TemplateVault(null), MODEL, SERVER_MODEL),
        new VisibleScores('always'),
        () => undefined,
      );
      schema = await buildSchema({
        resolvers: [MatchingReportResolver],
        container: { get: () => resolver },
        validate: { forbidUnknownValues: false, validationError: { target: false, value: false } },
      });
    });
    const ask = (source: string) =>
      graphql({
        ...{ schema, source },
        contextValue: {
          loaders: createLoaders(dataSource, { datesOf: () => Promise.resolve([]) }),
          requester: requesterOf('admin', null),
        },
      });

    test('answers with every field, and the employees of the closest pairs', async () => {
      const { data, errors } = await ask(`{ matchingReport(targetFmr: 0.01) {
        modelId generatedAt employees employeesCompared employeesWithSeveralTemplates templates skippedTemplates
        generator seed notes
        impostor { ...distribution } genuine { ...distribution }
        thresholds { threshold fmr { ...rate } fnmr { ...rate } fpir { rate low high } mistaken { ...rate } }
        advice { status targetFmr threshold fmr { ...rate } fnmr { ...rate } explanation neededPeople neededImpostorPairs }
        closestPairs { similarity first { employeeId name } second { employeeId name } }
      } }
      fragment rate on ObservedRate { errors comparisons rate low high }
      fragment distribution on SimilarityDistribution {
        population compared sampled summary { min max mean deviation p05 median p95 p999 } bins { from count }
      }`);
      expect(errors).toBeUndefined();
      expect(data?.['matchingReport']).toMatchObject({ employees: 40, advice: { status: 'ADVISED' } });
      const { closestPairs, thresholds } = data?.['matchingReport'] as {
        closestPairs: { first: { employeeId: string; name: string } }[];
        thresholds: unknown[];
      };
      expect(closestPairs).toHaveLength(10);
      expect(closestPairs[0]?.first.name).toBe(`Name of ${closestPairs[0]?.first.employeeId}`);
      expect(thresholds).toHaveLength(20);
    });

    test.each(['0', '0.51', '1e-10', '-0.1'])('refuses a rate of %s, with the bounds', async (rate) => {
      const { errors } = await ask(`{ matchingReport(targetFmr: ${rate}) { modelId } }`);
      expect(errors?.[0]?.originalError).toMatchObject({
        code: 'BAD_USER_INPUT',
        message: 'targetFmr: must be 1e-9 to 0.5',
      });
    });

    test('describes every type, field and argument', () => {
      for (const type of Object.values(schema.getTypeMap())) {
        if (type.name.startsWith('__') || type.name === 'Query' || !isObjectType(type)) continue;
        expect(`${type.name}: ${type.description}`).not.toMatch(/: (undefined|null|)$/);
        for (const field of Object.values(type.getFields())) {
          expect(`${type.name}.${field.name}: ${field.description}`).not.toMatch(/: (undefined|null|)$/);
        }
      }
    });
  });
});
