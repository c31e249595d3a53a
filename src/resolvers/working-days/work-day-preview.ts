import { Field, ObjectType } from 'type-graphql';
import { LocalDateScalar, type LocalDate } from '../../entities/local-scalars';
import type { PreviewedDay } from '../../services/attendance/corrections/correction-preview';
import { WorkDay } from './days/work-day';

@ObjectType({ description: 'A day before and after a correction.' })
export class WorkDayPreview {
  @Field(() => LocalDateScalar, { description: 'The date.' })
  date!: LocalDate;

  @Field(() => WorkDay, { description: 'Without the correction.' })
  before!: WorkDay;

  @Field(() => WorkDay, {
    description: 'With the correction. Punches that are not added yet are null in `spans`.',
  })
  after!: WorkDay;
}

/** @param id the employee's row id */
export const previewOf = (
  id: string,
  { date, before, after }: PreviewedDay,
  derivedAt: Date,
): WorkDayPreview => ({
  date,
  before: new WorkDay({ id, day: before, derivedAt }),
  after: new WorkDay({ id, day: after, derivedAt }),
});
