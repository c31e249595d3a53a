import { Arg, Ctx, Field, Float, ID, InputType, Mutation, Query, Resolver } from 'type-graphql';
import type { Context } from '../context';
import { Office } from '../entities/office.entity';
import { badInput } from '../errors';
import type { OfficeService } from '../services/offices/office-service';
import { IsIanaTimeZone, IsLatitude, IsLongitude, IsRadius, IsText } from './validators';

const VISITORS = "Whether people of other offices may punch at this one's kiosks.";

@InputType({ description: 'A new office.' })
export class CreateOfficeInput {
  @IsText(200)
  @Field(() => String, { description: '1 to 200 characters.' })
  name!: string;

  @IsLatitude()
  @Field(() => Float, {
    nullable: true,
    description:
      'Degrees, -90 to 90. Latitude, longitude and radius come together or not at all (no geofence).',
  })
  latitude?: number | null;

  @IsLongitude()
  @Field(() => Float, { nullable: true, description: 'Degrees, -180 to 180.' })
  longitude?: number | null;

  @IsRadius()
  @Field(() => Float, { nullable: true, description: 'Metres, 1 to 100000.' })
  radiusMeters?: number | null;

  @IsIanaTimeZone()
  @Field(() => String, {
    defaultValue: 'UTC',
    description: "IANA time zone; the office's day is counted in it.",
  })
  timeZone!: string;

  @Field(() => Boolean, { defaultValue: false, description: VISITORS })
  allowVisitors!: boolean;
}

@InputType({ description: 'What of an office is to change; what is left out stays.' })
export class UpdateOfficeInput {
  @Field(() => ID, { description: 'Which office.' })
  id!: string;

  @IsText(200)
  @Field(() => String, { nullable: true, description: '1 to 200 characters; not null.' })
  name?: string | null;

  @IsLatitude()
  @Field(() => Float, {
    nullable: true,
    description: 'Degrees, -90 to 90. Null for latitude, longitude and radiusMeters removes the geofence.',
  })
  latitude?: number | null;

  @IsLongitude()
  @Field(() => Float, { nullable: true, description: 'Degrees, -180 to 180.' })
  longitude?: number | null;

  @IsRadius()
  @Field(() => Float, { nullable: true, description: 'Metres, 1 to 100000.' })
  radiusMeters?: number | null;

  @IsIanaTimeZone()
  @Field(() => String, { nullable: true, description: 'IANA time zone; not null.' })
  timeZone?: string | null;

  @Field(() => Boolean, { nullable: true, description: `${VISITORS} Not null.` })
  allowVisitors?: boolean | null;
}

@Resolver()
export class OfficeResolver {
  constructor(private readonly service: OfficeService) {}

  @Query(() => [Office], { description: 'All offices, by name; for a kiosk only its own.' })
  offices(@Ctx() { requester }: Context): Promise<Office[]> {
    return this.service.list(requester.kioskOffice);
  }

  @Mutation(() => Office, { description: 'Adds an office. Errors: BAD_USER_INPUT.' })
  createOffice(
    @Arg('input', () => CreateOfficeInput, { description: 'The new office.' }) input: CreateOfficeInput,
  ): Promise<Office> {
    const { name, latitude = null, longitude = null, radiusMeters = null, timeZone, allowVisitors } = input;
    return this.service.create({ name, latitude, longitude, radiusMeters, timeZone, allowVisitors });
  }

  @Mutation(() => Office, { description: 'Changes an office. Errors: BAD_USER_INPUT, NOT_FOUND.' })
  updateOffice(
    @Arg('input', () => UpdateOfficeInput, { description: 'The change.' }) input: UpdateOfficeInput,
  ): Promise<Office> {
    const { id, name, timeZone, latitude, longitude, radiusMeters, allowVisitors } = input;
    if (name === null) throw badInput('name', 'must not be null');
    if (timeZone === null) throw badInput('timeZone', 'must not be null');
    if (allowVisitors === null) throw badInput('allowVisitors', 'must not be null');
    return this.service.update(id, { name, timeZone, latitude, longitude, radiusMeters, allowVisitors });
  }

  @Mutation(() => Boolean, {
    description:
      'Deletes an office that has no employees; its punches stay. Answers true. Errors: NOT_FOUND, CONFLICT while ' +
      'employees belong to it.',
  })
  async deleteOffice(@Arg('id', () => ID, { description: 'Which office.' }) id: string): Promise<boolean> {
    await this.service.delete(id);
    return true;
  }
}
