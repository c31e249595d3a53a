import { Field, Float, GraphQLISODateTime, Int, ObjectType, registerEnumType } from 'type-graphql';
import { ADVICE_STATUS, type AdviceStatus } from '../../services/reports/calibration/advice';
import type { NamedEmployee } from '../../services/reports/calibration/report';

// Counts of pairs are Float in the schema: a thousand employees make half a million, a hundred thousand 5e9.

registerEnumType(ADVICE_STATUS, {
  name: 'ThresholdAdviceStatus',
  description: 'Whether a threshold is advised.',
  valuesConfig: {
    ADVISED: { description: 'A threshold keeps the wanted rate with 95 % confidence.' },
    NOT_ENOUGH_DATA: { description: 'Too few people or pairs to vouch for the wanted rate.' },
    OUT_OF_REACH: {
      description: 'No threshold keeps the wanted rate: different employees have equal templates.',
    },
  },
});

@ObjectType({
  description: 'How often something went wrong in the comparisons made, with its 95 % interval.',
})
class ObservedRate {
  @Field(() => Float, { description: 'How often it went wrong (a whole number).' })
  errors!: number;

  @Field(() => Float, { description: 'Out of how many comparisons (a whole number).' })
  comparisons!: number;

  @Field(() => Float, { description: 'errors / comparisons, 0 to 1.' })
  rate!: number;

  @Field(() => Float, {
    description: 'Lower end of the exact binomial interval (Clopper-Pearson, 95 %); 0 without errors.',
  })
  low!: number;

  @Field(() => Float, {
    description: 'Upper end of that interval; without errors 3 / comparisons (rule of three).',
  })
  high!: number;
}

@ObjectType({ description: 'A rate computed from another one, with the interval that follows.' })
class ComputedRate {
  @Field(() => Float, { description: '0 to 1.' })
  rate!: number;

  @Field(() => Float, { description: 'Lower end of the 95 % interval.' })
  low!: number;

  @Field(() => Float, { description: 'Upper end of the 95 % interval.' })
  high!: number;
}

@ObjectType({ description: 'Where the similarities of one kind of pairs lie. Cosines, -1 to 1.' })
class SimilaritySummary {
  @Field(() => Float, { description: 'The lowest.' })
  min!: number;

  @Field(() => Float, { description: 'The highest.' })
  max!: number;

  @Field(() => Float, { description: 'The mean.' })
  mean!: number;

  @Field(() => Float, { description: 'The standard deviation.' })
  deviation!: number;

  @Field(() => Float, { description: '5 % of the pairs lie below.' })
  p05!: number;

  @Field(() => Float, { description: 'Half of the pairs lie below.' })
  median!: number;

  @Field(() => Float, { description: '95 % of the pairs lie below.' })
  p95!: number;

  @Field(() => Float, { description: '99.9 % of the pairs lie below.' })
  p999!: number;
}

@ObjectType({ description: 'A bin of a histogram, 0.005 wide.' })
class SimilarityBin {
  @Field(() => Float, { description: 'Its lower end, a cosine.' })
  from!: number;

  @Field(() => Float, { description: 'Pairs in it (a whole number).' })
  count!: number;
}

@ObjectType({ description: 'The similarities of one kind of pairs of templates.' })
export class SimilarityDistribution {
  @Field(() => Float, { description: 'Pairs that there are (a whole number).' })
  population!: number;

  @Field(() => Float, { description: 'Pairs that were compared: all, or a uniform sample (a whole number).' })
  compared!: number;

  @Field(() => Boolean, { description: 'Whether only a sample was compared.' })
  sampled!: boolean;

  @Field(() => SimilaritySummary, { nullable: true, description: 'Where they lie; null: no pairs.' })
  summary!: SimilaritySummary | null;

  @Field(() => [SimilarityBin], { description: 'The histogram, bins with any pair, in ascending order.' })
  bins!: SimilarityBin[];
}

@ObjectType({ description: 'What goes wrong how often at one threshold.' })
class ThresholdErrors {
  @Field(() => Float, { description: 'The cosine from which on two templates count as one person.' })
  threshold!: number;

  @Field(() => ObservedRate, {
    nullable: true,
    description: 'False match rate: pairs of different employees that match; null: there are no such pairs.',
  })
  fmr!: ObservedRate | null;

  @Field(() => ObservedRate, {
    nullable: true,
    description:
      'False non-match rate: pairs of one employee that do not match; null: there are no such pairs.',
  })
  fnmr!: ObservedRate | null;

  @Field(() => ComputedRate, {
    nullable: true,
    description:
      'False positive identification rate: how often a search finds somebody for a person who is not enrolled, ' +
      "1 - (1 - FMR)^templates for today's gallery, as if comparisons were independent; null without FMR.",
  })
  fpir!: ComputedRate | null;

  @Field(() => ObservedRate, {
    nullable: true,
    description:
      'The same counted, not computed: enrolled templates that match somebody else; null where only a sample of ' +
      'the pairs was compared.',
  })
  mistaken!: ObservedRate | null;
}

@ObjectType({ description: 'The threshold that keeps a wanted false match rate, or why none is advised.' })
class ThresholdAdvice {
  @Field(() => ADVICE_STATUS, { description: 'Whether a threshold is advised.' })
  status!: AdviceStatus;

  @Field(() => Float, { description: 'The wanted false match rate.' })
  targetFmr!: number;

  @Field(() => Float, {
    nullable: true,
    description:
      'The smallest cosine, in steps of 0.0001, at which the upper end of the interval of the FMR is at or below ' +
      'the wanted one; null: none is advised.',
  })
  threshold!: number | null;

  @Field(() => ObservedRate, { nullable: true, description: 'FMR there; null: no threshold is advised.' })
  fmr!: ObservedRate | null;

  @Field(() => ObservedRate, {
    nullable: true,
    description: 'FNMR there; null: no threshold is advised, or no employee has two templates.',
  })
  fnmr!: ObservedRate | null;

  @Field(() => String, { description: 'The advice, or its refusal, as a sentence.' })
  explanation!: string;

  @Field(() => Float, { description: 'People it takes at least for the wanted rate (a whole number).' })
  neededPeople!: number;

  @Field(() => Float, { description: 'Impostor pairs it takes at least: 3 / targetFmr (a whole number).' })
  neededImpostorPairs!: number;
}

@ObjectType({ description: 'Two different employees whose templates are alike: look at their photos.' })
export class ClosePairOfEmployees {
  @Field(() => Float, { description: 'The highest cosine of a template of the one with one of the other.' })
  similarity!: number;

  /** Row ids and names; the resolver answers with the employees themselves. */
  first!: NamedEmployee;
  second!: NamedEmployee;
}

@ObjectType({ description: 'How well the enrolled faces are told apart. Holds no vector.' })
export class MatchingReport {
  @Field(() => String, { description: 'The model whose templates were compared.' })
  modelId!: string;

  @Field(() => GraphQLISODateTime, { description: 'When it was measured (UTC).' })
  generatedAt!: Date;

  @Field(() => Int, { description: 'Active employees with a usable template.' })
  employees!: number;

  @Field(() => Int, {
    description: 'Of them, those who were compared: all, or a uniform sample of 100,000.',
  })
  employeesCompared!: number;

  @Field(() => Int, { description: 'Employees compared who have two or more templates.' })
  employeesWithSeveralTemplates!: number;

  @Field(() => Int, { description: 'Their usable templates.' })
  templates!: number;

  @Field(() => Int, {
    description: 'Templates left out: without length, not finite, or of another dimension.',
  })
  skippedTemplates!: number;

  @Field(() => String, { description: 'The generator that draws samples.' })
  generator!: string;

  @Field(() => Float, {
    description: 'Its seed (a whole number): the same data and seed give the same report.',
  })
  seed!: number;

  @Field(() => SimilarityDistribution, { description: 'Pairs of templates of different employees.' })
  impostor!: SimilarityDistribution;

  @Field(() => SimilarityDistribution, { description: 'Pairs of templates of the same employee.' })
  genuine!: SimilarityDistribution;

  @Field(() => [ThresholdErrors], { description: 'Errors at the thresholds 0.80 to 0.99 in steps of 0.01.' })
  thresholds!: ThresholdErrors[];

  @Field(() => ThresholdAdvice, { description: 'The threshold for the wanted false match rate.' })
  advice!: ThresholdAdvice;

  @Field(() => [ClosePairOfEmployees], {
    description: 'The ten closest pairs of different employees, the closest first.',
  })
  closestPairs!: ClosePairOfEmployees[];

  @Field(() => [String], { description: 'What has to be known to read the figures.' })
  notes!: string[];
}
