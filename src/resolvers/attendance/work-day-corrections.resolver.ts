import { FieldResolver, Resolver, Root } from 'type-graphql';
import type { DayCorrections } from '../../services/working-days/days/day-corrections';
import { WorkDay } from '../working-days/days/work-day';
import { CorrectionView } from './correction.types';

/** How much a day's corrections cost: a statement for each day. */
const COMPLEXITY = 5;

@Resolver(() => WorkDay)
export class WorkDayCorrectionsResolver {
  constructor(private readonly service: DayCorrections) {}

  @FieldResolver(() => [CorrectionView], {
    description: 'Corrections that concern this day, oldest first, whatever their status.',
    complexity: ({ childComplexity }) => COMPLEXITY + childComplexity,
  })
  async corrections(@Root() { source }: WorkDay): Promise<CorrectionView[]> {
    return (await this.service.of(source)).map((correction) => new CorrectionView(correction));
  }
}
