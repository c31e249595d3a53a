import { Field, Float, GraphQLISODateTime, Int, ObjectType, registerEnumType } from 'type-graphql';
import { ADVICE_STATUS, type AdviceStatus } from '../../services/reports/calibration/advice';
import type { NamedEmployee } from '../../services/reports/calibration/report';

/** Why percentiles and histograms are deprecated. */
const FINE_DETAIL = 'Use thresholds. To see the distributions, run: npm run calibrate -- --plot <file>.';

/** A field with a number. Counts of pairs are one, too: a hundred thousand employees make 5e9, more than an Int holds. */
const num = (description: string) => Field(() => Float, { description });
const percentile = (share: string) =>
  Field(() => Float, {
    description: `${share} of the pairs are below this value.`,
    deprecationReason: FINE_DETAIL,
  });
/** @param description says when it is null */
const rateOrNull = (description: string) => Field(() => ObservedRate, { nullable: true, description });

registerEnumType(ADVICE_STATUS, {
  name: 'ThresholdAdviceStatus',
  description: 'Whether a threshold is recommended.',
  valuesConfig: {
    ADVISED: { description: 'A threshold reaches the target rate with 95 % confidence.' },
    NOT_ENOUGH_DATA: {
      description: 'Too few employees or pairs to recommend a threshold for the target rate.',
    },
    OUT_OF_REACH: {
      description: 'No threshold reaches the target rate: templates of different employees are identical.',
    },
  },
});

@ObjectType({ description: 'A rate computed from another rate, with a 95 % interval.' })
class ComputedRate {
  @num('The rate, 0 to 1.')
  rate!: number;

  @num('Lower end of the 95 % interval.')
  low!: number;

  @num('Upper end of the 95 % interval.')
  high!: number;
}

@ObjectType({
  description:
    'Error rate in the comparisons made (errors / comparisons), with its exact binomial interval (Clopper-Pearson, 95 %). Without errors the interval is 0 to 3 / comparisons (rule of three).',
})
class ObservedRate extends ComputedRate {
  @num('Number of errors (a whole number).')
  errors!: number;

  @num('Number of comparisons (a whole number).')
  comparisons!: number;
}

@ObjectType({
  description:
    'Statistics of the similarities of one kind of pairs. Cosines, -1 to 1, two decimals, rounded down.',
})
class SimilaritySummary {
  @num('Minimum.')
  min!: number;

  @num('Maximum.')
  max!: number;

  @num('Mean.')
  mean!: number;

  @num('Standard deviation.')
  deviation!: number;

  @percentile('5 %')
  p05!: number;

  @percentile('Half')
  median!: number;

  @percentile('95 %')
  p95!: number;

  @percentile('99.9 %')
  p999!: number;
}

@ObjectType({ description: 'A histogram bin, 0.005 wide.' })
class SimilarityBin {
  @num('Lower end of the bin (cosine similarity).')
  from!: number;

  @num('Number of pairs in the bin (a whole number).')
  count!: number;
}

@ObjectType({ description: 'Similarities of one kind of pairs of templates.' })
export class SimilarityDistribution {
  @num('Number of pairs that exist (a whole number).')
  population!: number;

  @num('Number of pairs compared: all, or a uniform sample (a whole number).')
  compared!: number;

  @Field(() => Boolean, { description: 'Whether only a sample was compared.' })
  sampled!: boolean;

  @Field(() => SimilaritySummary, { nullable: true, description: 'Statistics. Null if there are no pairs.' })
  summary!: SimilaritySummary | null;

  @Field(() => [SimilarityBin], {
    description: 'Non-empty histogram bins, in ascending order.',
    deprecationReason: FINE_DETAIL,
  })
  bins!: SimilarityBin[];
}

@ObjectType({ description: 'Error rates at one threshold.' })
class ThresholdErrors {
  @num('Minimum cosine similarity for a match.')
  threshold!: number;

  @rateOrNull('False match rate: share of impostor pairs that match. Null if there are none.')
  fmr!: ObservedRate | null;

  @rateOrNull('False non-match rate: share of genuine pairs that do not match. Null if there are none.')
  fnmr!: ObservedRate | null;

  @Field(() => ComputedRate, {
    nullable: true,
    description:
      'False positive identification rate: how often a search finds an employee for a person who is not enrolled. Computed as 1 - (1 - FMR)^templates, as if comparisons were independent. Null without FMR.',
  })
  fpir!: ComputedRate | null;

  @rateOrNull(
    'The same, counted instead of computed: share of templates that match another employee. Null if only a sample of the pairs was compared.',
  )
  mistaken!: ObservedRate | null;
}

@ObjectType({ description: 'Recommended threshold for a target false match rate, or why there is none.' })
class ThresholdAdvice {
  @Field(() => ADVICE_STATUS, { description: 'Whether a threshold is recommended.' })
  status!: AdviceStatus;

  @num('Target false match rate.')
  targetFmr!: number;

  @Field(() => Float, {
    nullable: true,
    description:
      'Smallest cosine similarity, in steps of 0.0001, for which the upper end of the FMR interval is at most the target. Null if none is recommended.',
  })
  threshold!: number | null;

  @rateOrNull('FMR at this threshold. Null if none is recommended.')
  fmr!: ObservedRate | null;

  @rateOrNull('FNMR at this threshold. Null if none is recommended, or if no employee has two templates.')
  fnmr!: ObservedRate | null;

  @Field(() => String, { description: 'The recommendation, or why there is none, as text.' })
  explanation!: string;

  @num('Minimum number of people for the target rate (a whole number).')
  neededPeople!: number;

  @num('Minimum number of impostor pairs: 3 / targetFmr (a whole number).')
  neededImpostorPairs!: number;
}

@ObjectType({ description: 'Two employees whose templates are similar. Compare their photos.' })
export class ClosePairOfEmployees {
  /** The resolver decides who sees it. */
  similarity!: number;

  /** Row ids and names; the resolver answers with the employees themselves. */
  first!: NamedEmployee;
  second!: NamedEmployee;
}

@ObjectType({
  description: 'Error rates of face matching, measured on the enrolled faces. It contains no descriptors.',
})
export class MatchingReport {
  @Field(() => String, { description: 'Model whose templates were compared.' })
  modelId!: string;

  @Field(() => GraphQLISODateTime, { description: 'When it was measured (UTC).' })
  generatedAt!: Date;

  @Field(() => Int, { description: 'Number of active employees with a usable template.' })
  employees!: number;

  @Field(() => Int, {
    description: 'Number of employees compared: all, or a uniform sample of 100,000.',
  })
  employeesCompared!: number;

  @Field(() => Int, { description: 'Number of compared employees with two or more templates.' })
  employeesWithSeveralTemplates!: number;

  @Field(() => Int, { description: 'Number of usable templates of the compared employees.' })
  templates!: number;

  @Field(() => Int, {
    description: 'Number of templates left out: zero length, not finite, or another dimension.',
  })
  skippedTemplates!: number;

  @Field(() => String, { description: 'Name of the random generator that draws the samples.' })
  generator!: string;

  @Field(() => Float, {
    description: 'Seed of the generator (a whole number). The same data and seed give the same report.',
  })
  seed!: number;

  @Field(() => SimilarityDistribution, { description: 'Pairs of templates of different employees.' })
  impostor!: SimilarityDistribution;

  @Field(() => SimilarityDistribution, { description: 'Pairs of templates of the same employee.' })
  genuine!: SimilarityDistribution;

  @Field(() => [ThresholdErrors], {
    description:
      "Error rates at thresholds in steps of 0.01: 0.80 to 0.99 for client descriptors, 0.30 to 0.69 for the server's.",
  })
  thresholds!: ThresholdErrors[];

  @Field(() => ThresholdAdvice, { description: 'Recommended threshold for the target false match rate.' })
  advice!: ThresholdAdvice;

  @Field(() => [ClosePairOfEmployees], {
    description: 'The ten most similar pairs of different employees, the most similar first.',
  })
  closestPairs!: ClosePairOfEmployees[];

  @Field(() => [String], { description: 'Notes that help to read the figures.' })
  notes!: string[];
}
