/** Real: the classes of all inputs, as TypeGraphQL and class-validator know them. Fake: nothing. */
import { getMetadataStorage as validationOf, ValidationTypes } from 'class-validator';
import { getMetadataStorage } from 'type-graphql';
import '../../src/resolvers/create-resolvers';

/** A class, as the two libraries name theirs. */
type Input = abstract new (...values: never[]) => object;

const validation = validationOf();
const inputs = getMetadataStorage().inputTypes.map(({ target }) => target as Input);
const rulesOf = (target: Input) => validation.getTargetValidationMetadatas(target, '', false, false);
const fieldsOf = (target: Input) => getMetadataStorage().fields.filter((field) => field.target === target);

/** The inputs within an input, by the name of their field. */
const nestedIn = (target: Input): [string, Input][] =>
  fieldsOf(target).flatMap(({ name, getType }) => {
    const type = getType() as Input;
    return inputs.includes(type) ? [[name, type] as [string, Input]] : [];
  });

/** Whether something of an input, or of one within it, has a bound. */
const hasBounds = (target: Input): boolean =>
  rulesOf(target).length > 0 || nestedIn(target).some(([, type]) => hasBounds(type));

/** What is wrong with a row is data there. */
const EXCEPTIONS = ['ImportAbsencesInput.absences'];

it('the bounds of an input within an input are checked', () => {
  const nested = inputs.flatMap((target) =>
    nestedIn(target).flatMap(([name, type]) => (hasBounds(type) ? [[target, name] as const] : [])),
  );
  expect(nested.length).toBeGreaterThan(5);
  const unchecked = nested.filter(
    ([target, name]) =>
      !rulesOf(target).some(
        ({ propertyName, type }) => propertyName === name && type === ValidationTypes.NESTED_VALIDATION,
      ),
  );
  expect(unchecked.map(([{ name: input }, name]) => `${input}.${name}`)).toEqual(EXCEPTIONS);
});
