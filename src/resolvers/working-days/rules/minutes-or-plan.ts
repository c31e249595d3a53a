import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';

const MAX = 1440;

function read(value: unknown, node?: ValueNode): number | 'PLAN' {
  if (value === 'PLAN') return 'PLAN';
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MAX) return value;
  throw new GraphQLError(
    'MinutesOrPlan cannot represent this value',
    node === undefined ? {} : { nodes: node },
  );
}

export const MinutesOrPlanScalar = new GraphQLScalarType<number | 'PLAN', number | 'PLAN'>({
  name: 'MinutesOrPlan',
  description: `Whole minutes, 0 to ${MAX}, or PLAN: the expected minutes of the day.`,
  serialize: (value) => value as number | 'PLAN',
  parseValue: (value) => read(value),
  parseLiteral: (node) =>
    node.kind === Kind.INT
      ? read(Number(node.value), node)
      : read(node.kind === Kind.ENUM || node.kind === Kind.STRING ? node.value : null, node),
});
