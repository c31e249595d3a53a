import {
  Arg,
  Ctx,
  Field,
  GraphQLISODateTime,
  ID,
  InputType,
  Mutation,
  ObjectType,
  Resolver,
} from 'type-graphql';
import type { Context } from '../../context';
import { LocalDateScalar, type LocalDate } from '../../entities/local-scalars';
import type { CsvStyle, ReportFormat, ReportKind } from '../../services/working-days/files/report-order';
import type { ReportService } from '../../services/working-days/files/report-service';
import { IsNested, IsText } from '../validators';
import { enumOf } from './enum-of';

const KINDS = enumOf('ReportKind', 'What a report has.', {
  TIMESHEET_DAYS: 'One row for each person and day, with all figures.',
  TIMESHEET_SPANS: 'One row for each span, for inspectors.',
  TIMESHEET_TOTALS: 'One row for each person with sums.',
  EXCEPTIONS: 'Days that are late, left early, absent, incomplete, or have a warning.',
  HOURS_BY_WEEK: 'One row for each person and week.',
  HOURS_BY_MONTH: 'One row for each person and month.',
  MUSTER: 'Who is in the building now.',
});

const FORMATS = enumOf('ReportFormat', 'Format of a report.', {
  CSV: 'Comma-separated values (RFC 4180), UTF-8.',
  XLSX: 'Workbook with one sheet, at most 1048576 rows.',
  JSON: 'One JSON object on each line.',
  HTML: 'Page to print. Only for MUSTER.',
});

const SEPARATORS = enumOf('CsvSeparator', 'What is between cells.', {
  COMMA: 'Comma.',
  SEMICOLON: 'Semicolon.',
  TAB: 'Tabulator.',
});

const DECIMALS = enumOf('CsvDecimal', 'Decimal mark.', { POINT: 'Point.', COMMA: 'Comma.' });

const HOURS = enumOf('HoursStyle', 'How durations are written.', {
  MINUTES: 'Whole minutes. Columns end with _minutes.',
  DECIMAL: 'Hours with two decimals. Columns end with _hours.',
  HH_MM: 'Hours and minutes, 07:30. Columns end with _hours.',
});

@InputType({
  description: 'How a CSV file is written. `hours` and `locale` hold for the other formats, too.',
})
class CsvStyleInput {
  @Field(() => SEPARATORS, { defaultValue: 'COMMA', description: 'What is between cells.' })
  separator!: CsvStyle['separator'];

  @Field(() => DECIMALS, { defaultValue: 'POINT', description: 'Decimal mark.' })
  decimal!: CsvStyle['decimal'];

  @Field(() => HOURS, { defaultValue: 'MINUTES', description: 'How durations are written.' })
  hours!: CsvStyle['hours'];

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Whether the file begins with a byte order mark.',
  })
  bom!: boolean;

  @Field(() => Boolean, {
    defaultValue: true,
    description: 'Whether text that a spreadsheet would run as a formula gets an apostrophe before it.',
  })
  guard!: boolean;

  @IsText(35)
  @Field(() => String, { defaultValue: 'en', description: 'Language of weekdays (BCP 47), for example de.' })
  locale!: string;
}

@InputType({ description: 'The report that a link is for.' })
class CreateReportLinkInput {
  @Field(() => KINDS, { description: 'What it has.' })
  kind!: ReportKind;

  @Field(() => FORMATS, { defaultValue: 'CSV', description: 'Its format.' })
  format!: ReportFormat;

  @Field(() => LocalDateScalar, { nullable: true, description: 'First day. Required, but for MUSTER.' })
  from?: LocalDate | null;

  @Field(() => LocalDateScalar, {
    nullable: true,
    description: 'Last day, at most 366 days from the first. Required, but for MUSTER.',
  })
  until?: LocalDate | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'Only people of this office, and of each only the days on which they had it. Required for MUSTER.',
  })
  officeId?: string | null;

  @Field(() => [String], {
    nullable: true,
    description: "Only these people (the company's own ids), 1 to 50. Not together with `officeId`.",
  })
  employeeIds?: string[] | null;

  @IsNested()
  @Field(() => CsvStyleInput, { nullable: true, description: 'How the file is written.' })
  csv?: CsvStyleInput | null;
}

@ObjectType({ description: 'A download link of a report.' })
class ReportLink {
  @Field(() => String, {
    description:
      'URL of the file. It needs no API key. Keep it secret: everyone who has it can download the report. The response has the number of people in the header X-Total-People, and the moment for which its figures hold in X-Derived-At.',
  })
  url!: string;

  @Field(() => GraphQLISODateTime, {
    description: 'When the link expires (UTC), REPORT_URL_TTL_SECONDS after now.',
  })
  expiresAt!: Date;

  @Field(() => String, { description: 'Name of the file.' })
  fileName!: string;
}

@Resolver()
export class ReportResolver {
  constructor(private readonly service: ReportService) {}

  @Mutation(() => ReportLink, {
    description:
      'Creates a download link of a report. The report is made when it is downloaded. Errors: BAD_USER_INPUT, NOT_FOUND (officeId, employeeIds).',
  })
  createReportLink(
    @Arg('input', () => CreateReportLinkInput, { description: 'The report.' }) input: CreateReportLinkInput,
    @Ctx() { requester }: Context,
  ): Promise<ReportLink> {
    return this.service.link(input, requester);
  }
}
