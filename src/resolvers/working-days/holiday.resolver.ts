import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Query,
  registerEnumType,
  Resolver,
  Root,
} from 'type-graphql';
import type { Context } from '../../context';
import { Holiday, HolidayKind } from '../../entities/holiday.entity';
import {
  LocalDateScalar,
  LocalTimeScalar,
  type LocalDate,
  type LocalTime,
} from '../../entities/local-scalars';
import { Office } from '../../entities/office.entity';
import type {
  HolidayImport,
  HolidayImportResult,
  ImportedHoliday,
} from '../../services/working-days/plans/holiday-import';
import type { HolidayService } from '../../services/working-days/plans/holiday-service';
import { IsName, IsText } from '../validators';

enum HolidayTypeEnum {
  PUBLIC = 'public',
  BANK = 'bank',
  OBSERVANCE = 'observance',
  OPTIONAL = 'optional',
  SCHOOL = 'school',
}

registerEnumType(HolidayTypeEnum, {
  name: 'HolidayType',
  description: 'What kind of day the list of a country has.',
  valuesConfig: {
    PUBLIC: { description: 'Public holidays.' },
    BANK: { description: 'Days on which banks and offices are closed.' },
    OBSERVANCE: { description: 'Days that are observed, but are no holidays.' },
    OPTIONAL: { description: 'Days that many people take off.' },
    SCHOOL: { description: 'Days on which schools are closed.' },
  },
});

@InputType({ description: 'Public holidays to import.' })
class ImportHolidaysInput {
  @Field(() => ID, { description: 'Id of the office.' })
  officeId!: string;

  @IsText(8)
  @Field(() => String, { description: 'Country code (ISO 3166-1), for example DE.' })
  country!: string;

  @IsText(16)
  @Field(() => String, { nullable: true, description: 'Code of a state of the country, for example BY.' })
  state?: string | null;

  @IsText(16)
  @Field(() => String, { nullable: true, description: 'Code of a region of the state, for example A.' })
  region?: string | null;

  @Field(() => Int, { description: '1970 to 2100.' })
  year!: number;

  @Field(() => [HolidayTypeEnum], {
    defaultValue: [HolidayTypeEnum.PUBLIC],
    description: 'Which kinds of days. At least one.',
  })
  types!: HolidayTypeEnum[];

  @Field(() => Boolean, {
    defaultValue: false,
    description:
      'Whether holidays before today may change as well. Figures of past days may change with them.',
  })
  confirm!: boolean;
}

@InputType({ description: 'A holiday of an office.' })
class AddHolidayInput {
  @Field(() => ID, { description: 'Id of the office.' })
  officeId!: string;

  @Field(() => LocalDateScalar, { description: 'Its date.' })
  date!: LocalDate;

  @IsName(200)
  @Field(() => String, { description: '1 to 200 characters.' })
  name!: string;

  @Field(() => LocalTimeScalar, {
    nullable: true,
    description: 'Half day: when it begins. Omit for the whole day.',
  })
  from?: LocalTime | null;

  @Field(() => HolidayKind, { defaultValue: HolidayKind.COMPANY, description: 'Who gives it.' })
  kind!: HolidayKind;
}

@ObjectType('ImportedHoliday', { description: 'A holiday that an import found.' })
class ImportedHolidayView {
  @Field(() => LocalDateScalar, { description: 'Its date.' })
  date!: LocalDate;

  @Field(() => String, { description: 'Its name in the language of the country.' })
  name!: string;

  @Field(() => LocalTimeScalar, {
    nullable: true,
    description: 'Half day: when it begins. Null: the whole day.',
  })
  from!: LocalTime | null;

  @Field(() => Boolean, {
    description: 'false: it is in the past. Nothing changed, because `confirm` was not set.',
  })
  applied!: boolean;
}

@ObjectType('HolidayImport', { description: 'What an import of holidays did.' })
class HolidayImportView {
  @Field(() => [ImportedHolidayView], { description: 'New ones.' })
  added!: ImportedHolidayView[];

  @Field(() => [ImportedHolidayView], { description: 'Already there, or there is one by hand on that date.' })
  same!: ImportedHolidayView[];

  @Field(() => [ImportedHolidayView], { description: 'Imported earlier, with another name or time.' })
  changed!: ImportedHolidayView[];

  @Field(() => [ImportedHolidayView], { description: 'Imported earlier, and no longer in the list.' })
  gone!: ImportedHolidayView[];
}

const viewOf = ({ date, name, startsAt: from, applied }: ImportedHoliday): ImportedHolidayView => ({
  ...{ date, name, from, applied },
});

@Resolver(() => Holiday)
export class HolidayResolver {
  constructor(
    private readonly service: HolidayService,
    private readonly imports: HolidayImport,
  ) {}

  @Query(() => [Holiday], {
    description:
      'Holidays of an office by date, at most 3653 days. Errors: BAD_USER_INPUT (until), NOT_FOUND.',
  })
  holidays(
    @Arg('officeId', () => ID, { description: 'Id of the office.' }) officeId: string,
    @Arg('from', () => LocalDateScalar, { description: 'First day.' }) from: LocalDate,
    @Arg('until', () => LocalDateScalar, { description: 'Last day.' }) until: LocalDate,
  ): Promise<Holiday[]> {
    return this.service.list(officeId, from, until);
  }

  @Mutation(() => HolidayImportView, {
    description:
      'Imports the public holidays of a country, state or region for a year (from the package date-holidays). Importing again updates those of the same types. Others, and those that were added by hand, stay. Errors: BAD_USER_INPUT (names the country, state or region that does not exist), NOT_FOUND (officeId).',
  })
  async importHolidays(
    @Arg('input', () => ImportHolidaysInput, { description: 'Which.' }) input: ImportHolidaysInput,
    @Ctx() { requester }: Context,
  ): Promise<HolidayImportView> {
    const { added, same, changed, gone }: HolidayImportResult = await this.imports.run(input, requester);
    return {
      ...{ added: added.map(viewOf), same: same.map(viewOf) },
      ...{ changed: changed.map(viewOf), gone: gone.map(viewOf) },
    };
  }

  @Mutation(() => Holiday, {
    description:
      'Adds a holiday to an office. Errors: BAD_USER_INPUT, NOT_FOUND, CONFLICT (reason OVERLAP: there is one on that date).',
  })
  addHoliday(
    @Arg('input', () => AddHolidayInput, { description: 'The holiday.' })
    { from: startsAt = null, ...input }: AddHolidayInput,
    @Ctx() { requester }: Context,
  ): Promise<Holiday> {
    return this.service.add({ ...input, startsAt }, requester);
  }

  @Mutation(() => Boolean, { description: 'Removes a holiday. Returns true. Errors: NOT_FOUND.' })
  async removeHoliday(
    @Arg('id', () => ID, { description: 'Id of the holiday.' }) id: string,
    @Ctx() { requester }: Context,
  ): Promise<boolean> {
    await this.service.remove(id, requester);
    return true;
  }

  @FieldResolver(() => Office, { nullable: true, description: 'The office. Null: it was deleted.' })
  office(@Root() { officeId }: Holiday, @Ctx() { loaders }: Context): Promise<Office | null> {
    return loaders.office.load(officeId);
  }
}
