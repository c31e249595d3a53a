import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import type { Context } from '../../context';
import { Absence } from '../../entities/absence.entity';
import { Employee } from '../../entities/employee.entity';
import { LocalDateScalar, type LocalDate } from '../../entities/local-scalars';
import { Role } from '../../entities/role';
import type { AbsenceImport, AbsenceImportResult } from '../../services/working-days/plans/absence-import';
import type { AbsenceService } from '../../services/working-days/plans/absence-service';
import { connectionOf, PageArgs, pageComplexity } from '../connection';
import { IsEmployeeId, IsText } from '../validators';

@InputType({ description: 'An absence.' })
class RecordAbsenceInput {
  @IsEmployeeId()
  @Field(() => String, { description: "The company's own id of the employee." })
  employeeId!: string;

  @Field(() => LocalDateScalar, { description: 'First day.' })
  from!: LocalDate;

  @Field(() => LocalDateScalar, { description: 'Last day, at most 1126 days from the first.' })
  until!: LocalDate;

  @Field(() => Int, {
    nullable: true,
    description: 'Minutes of absence on each day, 1 to 1440. Omit for whole days.',
  })
  minutesPerDay?: number | null;

  @Field(() => String, { description: 'For example VACATION, SICK or TRAINING. 1 to 32 of A-Z, 0-9 and _.' })
  kind!: string;

  @Field(() => Boolean, { defaultValue: true, description: 'Whether it is paid.' })
  paid!: boolean;
}

@InputType({ description: 'An absence of another system.' })
class ImportedAbsenceInput extends RecordAbsenceInput {
  // Rows are not validated here: what is wrong with one is data, see AbsenceImport.
  @Field(() => String, { description: 'Its id in that system, 1 to 64 characters.' })
  externalId!: string;

  @Field(() => String, { description: "The company's own id of the employee." })
  declare employeeId: string;

  @Field(() => Boolean, { defaultValue: false, description: 'true: it no longer holds, and is removed.' })
  cancelled!: boolean;
}

@InputType({ description: 'Absences of another system.' })
class ImportAbsencesInput {
  @IsText(64)
  @Field(() => String, {
    description: 'Name of the system, 1 to 64 characters. An externalId is unique in it.',
  })
  source!: string;

  @Field(() => [ImportedAbsenceInput], { description: '1 to 500. All are written, or none.' })
  absences!: ImportedAbsenceInput[];
}

@InputType({ description: 'Filter for absences. An absence must meet all conditions.' })
class AbsenceFilter {
  @IsEmployeeId()
  @Field(() => String, { nullable: true, description: "Only of this employee (the company's own id)." })
  employeeId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only of employees of this office.' })
  officeId?: string | null;

  @Field(() => LocalDateScalar, { nullable: true, description: 'Only those with a day on or after it.' })
  from?: LocalDate | null;

  @Field(() => LocalDateScalar, { nullable: true, description: 'Only those with a day on or before it.' })
  until?: LocalDate | null;
}

@ObjectType({ description: 'What is wrong with a row of an import.' })
class AbsenceImportError {
  @Field(() => Int, { description: 'Its position, 0 for the first.' })
  row!: number;

  @Field(() => String, { description: 'Its externalId.' })
  externalId!: string;

  @Field(() => String, { description: 'The field.' })
  field!: string;

  @Field(() => String, { description: 'What is wrong, with the bound.' })
  message!: string;
}

@ObjectType('AbsenceImport', {
  description: 'What an import of absences did. Nothing was written if there are errors.',
})
class AbsenceImportView {
  @Field(() => Int, { description: 'New ones.' })
  added!: number;

  @Field(() => Int, { description: 'Imported earlier, with other values.' })
  changed!: number;

  @Field(() => Int, { description: 'Imported earlier with the same values, or cancelled and unknown.' })
  same!: number;

  @Field(() => Int, { description: 'Removed.' })
  cancelled!: number;

  @Field(() => [AbsenceImportError], { description: 'What is wrong with rows. Empty: all were written.' })
  errors!: readonly AbsenceImportError[];
}

const Connection = connectionOf('Absence', 'absences', () => Absence);

@Resolver(() => Absence)
export class AbsenceResolver {
  constructor(
    private readonly service: AbsenceService,
    private readonly imports: AbsenceImport,
  ) {}

  @Query(() => Connection, {
    description: 'Lists absences by first day. Errors: BAD_USER_INPUT (`first`, `after`, `until`).',
    complexity: pageComplexity,
  })
  async absences(
    @Arg('filter', () => AbsenceFilter, { nullable: true, description: 'Omit for all.' })
    filter: AbsenceFilter | null,
    @Args(() => PageArgs) page: PageArgs,
  ): Promise<InstanceType<typeof Connection>> {
    return new Connection(await this.service.list(filter ?? {}, page));
  }

  @Mutation(() => Absence, {
    description:
      'Records an absence by hand. Errors: BAD_USER_INPUT, NOT_FOUND (employeeId), CONFLICT (reason OVERLAP: whole days are already recorded).',
  })
  recordAbsence(
    @Arg('input', () => RecordAbsenceInput, { description: 'The absence.' })
    { employeeId, ...values }: RecordAbsenceInput,
    @Ctx() { requester }: Context,
  ): Promise<Absence> {
    return this.service.record(employeeId, values, requester);
  }

  @Mutation(() => AbsenceImportView, {
    description:
      'Imports absences of another system. The same rows again change nothing. Wrong rows are listed in `errors`. Errors: BAD_USER_INPUT (absences, source).',
  })
  importAbsences(
    @Arg('input', () => ImportAbsencesInput, { description: 'The absences.' })
    { source, absences }: ImportAbsencesInput,
    @Ctx() { requester }: Context,
  ): Promise<AbsenceImportResult> {
    return this.imports.run(source, absences, requester);
  }

  @Mutation(() => Boolean, { description: 'Removes an absence. Returns true. Errors: NOT_FOUND.' })
  async cancelAbsence(
    @Arg('id', () => ID, { description: 'Id of the absence.' }) id: string,
    @Ctx() { requester }: Context,
  ): Promise<boolean> {
    await this.service.cancel(id, requester);
    return true;
  }

  @FieldResolver(() => Employee, { description: 'Who is absent.' })
  employee(@Root() { employeeId }: Absence, @Ctx() { loaders }: Context): Promise<Employee | null> {
    return loaders.employee.load(employeeId);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'For example VACATION or SICK. Null for a VIEWER, because it may tell of an illness.',
  })
  kind(@Root() { kind }: Absence, @Ctx() { requester }: Context): string | null {
    return requester.role === Role.VIEWER ? null : kind;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'Its id in the system that it was imported from. Null if it was recorded by hand, and for a VIEWER, because it may tell of an illness.',
  })
  externalId(@Root() { externalId }: Absence, @Ctx() { requester }: Context): string | null {
    return requester.role === Role.VIEWER ? null : externalId;
  }
}
