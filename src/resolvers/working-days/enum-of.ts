import { registerEnumType } from 'type-graphql';

/** Registers an enum. @param values each with its description */
export function enumOf<T extends string>(
  name: string,
  description: string,
  values: Record<T, string>,
): Record<T, T> {
  const names = Object.keys(values) as T[];
  const object = Object.fromEntries(names.map((value) => [value, value])) as Record<T, T>;
  const valuesConfig = Object.fromEntries(names.map((value) => [value, { description: values[value] }]));
  registerEnumType(object, {
    name,
    description,
    valuesConfig: valuesConfig as Record<T, { description: string }>,
  });
  return object;
}
