import { Arg, Ctx, FieldResolver, Float, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../../context';
import { Employee } from '../../entities/employee.entity';
import { badInput } from '../../errors';
import { roundedDown, HIDDEN, type VisibleScores } from '../../services/access/visible-scores';
import type { Audit } from '../../services/audit/create-audit';
import type { CalibrationService } from '../../services/reports/calibration/calibration-service';
import type { CalibrationReport, Distribution } from '../../services/reports/calibration/report';
import { SCORE_ROUNDING } from '../attendance/check-attendance-result';
import { ClosePairOfEmployees, MatchingReport } from './matching-report.types';

/** Below, no number of employees could vouch for a rate; above, it would be a toss of a coin. */
const MIN_TARGET_FMR = 1e-9;
const MAX_TARGET_FMR = 0.5;

const MODEL_ID = /^[\w.-]{1,64}$/;

/** It compares up to two million pairs of templates: two of them in one operation are too much. */
const REPORT_COMPLEXITY = 10_001;

@Resolver(() => ClosePairOfEmployees)
export class MatchingReportResolver {
  constructor(
    private readonly service: CalibrationService,
    private readonly scores: VisibleScores,
    private readonly noteRead: Audit['noteRead'],
  ) {}

  @Query(() => MatchingReport, {
    description:
      'Measures the error rates of face matching for the enrolled faces, and recommends a threshold. It can take some seconds. Requests during a measurement share its result. Errors: BAD_USER_INPUT.',
    complexity: REPORT_COMPLEXITY,
  })
  async matchingReport(
    @Arg('targetFmr', () => Float, {
      defaultValue: 0.0001,
      description: 'Target false match rate, 1e-9 to 0.5.',
    })
    targetFmr: number,
    @Arg('modelId', () => String, {
      nullable: true,
      description:
        "The model whose templates are compared, for example mobilefacenet-512 (the server's) or dlib-resnet-128 (clients'). Omit for the model that checks use (FACE_DESCRIPTOR_TRUST, FACE_MODEL_ID).",
    })
    modelId: string | null,
    @Ctx() { requester }: Context,
  ): Promise<MatchingReport> {
    // Written so that a NaN fails too.
    if (!(targetFmr >= MIN_TARGET_FMR && targetFmr <= MAX_TARGET_FMR)) {
      throw badInput('targetFmr', `must be ${MIN_TARGET_FMR} to ${MAX_TARGET_FMR}`);
    }
    if (modelId !== null && !MODEL_ID.test(modelId)) {
      throw badInput('modelId', "must be 1 to 64 letters, digits, '.', '_' and '-'");
    }
    const report = await this.service.report(targetFmr, modelId ?? undefined);
    this.noteRead('matchingReport', report.employeesCompared, requester);
    return withRoundedFigures(report);
  }

  @FieldResolver(() => Float, {
    description: `Highest cosine similarity between a template of one and a template of the other. ${SCORE_ROUNDING} 1 if EXPOSE_SIMILARITY is never.`,
  })
  similarity(@Root() { similarity }: ClosePairOfEmployees, @Ctx() { requester }: Context): number {
    return this.scores.of({ similarity, matched: true }, requester) ?? HIDDEN;
  }

  @FieldResolver(() => Employee, {
    nullable: true,
    description: 'One of the two. Null if removed meanwhile.',
  })
  first(@Root() { first }: ClosePairOfEmployees, @Ctx() { loaders }: Context): Promise<Employee | null> {
    return loaders.employee.load(first.id);
  }

  @FieldResolver(() => Employee, { nullable: true, description: 'The other one. Null if removed meanwhile.' })
  second(@Root() { second }: ClosePairOfEmployees, @Ctx() { loaders }: Context): Promise<Employee | null> {
    return loaders.employee.load(second.id);
  }
}

/** Statistics of many pairs, of which the extremes are the scores of one. */
function withRoundedFigures(report: CalibrationReport): CalibrationReport {
  const rounded = (distribution: Distribution): Distribution => {
    const { summary } = distribution;
    if (summary === null) return distribution;
    const { deviation, ...scores } = summary;
    const coarse = Object.fromEntries(
      Object.entries(scores).map(([name, value]) => [name, roundedDown(value)]),
    );
    return { ...distribution, summary: { ...scores, ...coarse, deviation } };
  };
  return { ...report, impostor: rounded(report.impostor), genuine: rounded(report.genuine) };
}
