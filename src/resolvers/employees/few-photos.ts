import { Field } from 'type-graphql';
import type { Context } from '../../context';

/** With so many photos of a person a check fails four times less often than with one (docs/design/accuracy.md). */
const ENOUGH = 3;

/** The field of an enrolment's payload that says so. */
export const FewPhotosHint = (): PropertyDecorator =>
  Field(() => String, {
    nullable: true,
    description: `Advice if the employee has fewer than ${ENOUGH} photos. Null if there are enough.`,
  });

/** @param employee row id of an employee whom this request enrolled */
export async function fewPhotosHint({ loaders }: Context, employee: string): Promise<string | null> {
  const { length } = await loaders.faceTemplates.load(employee);
  if (length >= ENOUGH) return null;
  return `The employee has ${length === 1 ? '1 photo' : `${length} photos`}. Three make recognition more reliable: add more with addFaceTemplate`;
}
