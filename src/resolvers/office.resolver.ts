import { Arg, Ctx, Field, Float, ID, InputType, Mutation, Query, Resolver } from 'type-graphql';
import type { Context } from '../context';
import { LocalDateScalar, type LocalDate } from '../entities/local-scalars';
import { Office } from '../entities/office.entity';
import { badInput } from '../errors';
import type { OfficeService } from '../services/offices/office-service';
import { IsIanaTimeZone, IsLatitude, IsLongitude, IsName, IsRadius, IsText } from './validators';

const VISITORS = 'Whether employees of other offices may punch at kiosks of this office.';

@InputType({ description: 'A new office.' })
export class CreateOfficeInput {
  @IsName(200)
  @Field(() => String, { description: '1 to 200 characters.' })
  name!: string;

  @IsLatitude()
  @Field(() => Float, {
    nullable: true,
    description:
      'Degrees, -90 to 90. Give `latitude`, `longitude` and `radiusMeters` together for a geofence, or none of them.',
  })
  latitude?: number | null;

  @IsLongitude()
  @Field(() => Float, { nullable: true, description: 'Degrees, -180 to 180.' })
  longitude?: number | null;

  @IsRadius()
  @Field(() => Float, { nullable: true, description: 'Radius of the geofence, 1 to 100000 metres.' })
  radiusMeters?: number | null;

  @IsIanaTimeZone()
  @Field(() => String, {
    defaultValue: 'UTC',
    description: 'IANA time zone of the office. It decides when a day begins.',
  })
  timeZone!: string;

  @Field(() => Boolean, { defaultValue: false, description: VISITORS })
  allowVisitors!: boolean;
}

@InputType({ description: 'Changes to an office. Omitted fields stay unchanged.' })
export class UpdateOfficeInput {
  @Field(() => ID, { description: 'Id of the office.' })
  id!: string;

  @IsText(200)
  @Field(() => String, { nullable: true, description: '1 to 200 characters. Not null.' })
  name?: string | null;

  @IsLatitude()
  @Field(() => Float, {
    nullable: true,
    description:
      'Degrees, -90 to 90. Set `latitude`, `longitude` and `radiusMeters` to null to remove the geofence.',
  })
  latitude?: number | null;

  @IsLongitude()
  @Field(() => Float, { nullable: true, description: 'Degrees, -180 to 180.' })
  longitude?: number | null;

  @IsRadius()
  @Field(() => Float, { nullable: true, description: 'Radius of the geofence, 1 to 100000 metres.' })
  radiusMeters?: number | null;

  @IsIanaTimeZone()
  @Field(() => String, { nullable: true, description: 'IANA time zone. Not null.' })
  timeZone?: string | null;

  @Field(() => LocalDateScalar, {
    nullable: true,
    description:
      'First day on which `timeZone` holds, not after today. Omit for today. Days before it keep their time zone.',
  })
  timeZoneFrom?: LocalDate | null;

  @Field(() => Boolean, { nullable: true, description: `${VISITORS} Not null.` })
  allowVisitors?: boolean | null;
}

@Resolver()
export class OfficeResolver {
  constructor(private readonly service: OfficeService) {}

  @Query(() => [Office], { description: 'All offices by name. A kiosk gets only its own.' })
  offices(@Ctx() { requester }: Context): Promise<Office[]> {
    return this.service.list(requester.kioskOffice);
  }

  @Mutation(() => Office, { description: 'Creates an office. Errors: BAD_USER_INPUT.' })
  createOffice(
    @Arg('input', () => CreateOfficeInput, { description: 'The new office.' }) input: CreateOfficeInput,
    @Ctx() { requester }: Context,
  ): Promise<Office> {
    const { name, latitude = null, longitude = null, radiusMeters = null, timeZone, allowVisitors } = input;
    const values = { name, latitude, longitude, radiusMeters, timeZone, allowVisitors };
    return this.service.create(values, requester);
  }

  @Mutation(() => Office, { description: 'Changes an office. Errors: BAD_USER_INPUT, NOT_FOUND.' })
  updateOffice(
    @Arg('input', () => UpdateOfficeInput, { description: 'The changes.' }) input: UpdateOfficeInput,
    @Ctx() { requester }: Context,
  ): Promise<Office> {
    const { id, name, timeZone, latitude, longitude, radiusMeters, allowVisitors, timeZoneFrom } = input;
    if (name === null) throw badInput('name', 'must not be null');
    if (timeZone === null) throw badInput('timeZone', 'must not be null');
    if (allowVisitors === null) throw badInput('allowVisitors', 'must not be null');
    if (timeZoneFrom != null && timeZone === undefined) {
      throw badInput('timeZoneFrom', 'must be given together with timeZone');
    }
    const changes = { name, timeZone, timeZoneFrom, latitude, longitude, radiusMeters, allowVisitors };
    return this.service.update(id, changes, requester);
  }

  @Mutation(() => Boolean, {
    description:
      'Deletes an office without employees. Its punches are kept, and past days keep its time zone, plan and holidays. Returns true. Errors: NOT_FOUND, CONFLICT (the office has employees).',
  })
  async deleteOffice(
    @Arg('id', () => ID, { description: 'Id of the office.' }) id: string,
    @Ctx() { requester }: Context,
  ): Promise<boolean> {
    await this.service.delete(id, requester);
    return true;
  }
}
