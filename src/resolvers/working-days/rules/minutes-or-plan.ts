import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';

const MAX = 1440;

function read(value: unknown): number | 'PLAN' {
  if (value === 'PLAN') return 'PLAN';
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MAX) return value;
  throw new GraphQLError('MinutesOrPlan cannot represent this value');
}

export const MinutesOrPlanScalar = new GraphQLScalarType<number | 'PLAN', number | 'PLAN'>({
  name: 'MinutesOrPlan',
  description: `Whole minutes, 0 to ${MAX}, or PLAN: the expected minutes of the day.`,
  serialize: (value) => value as number | 'PLAN',
  parseValue: read,
  parseLiteral: (node) =>
    node.kind === Kind.INT
      ? read(Number(node.value))
      : read(node.kind === Kind.ENUM || node.kind === Kind.STRING ? node.value : null),
});
