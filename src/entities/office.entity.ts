import { Field, Float, ID, ObjectType } from 'type-graphql';
import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** A place where people punch; with a position and a radius it has a geofence. */
@ObjectType({ description: 'A place where employees punch.' })
@Entity('offices')
@Check('offices_name_length', `char_length(name) between 1 and 200`)
@Check(
  'offices_geofence_whole',
  `(latitude is null) = (longitude is null) and (latitude is null) = (radius_meters is null)`,
)
@Check(
  'offices_geofence_range',
  `latitude between -90 and 90 and longitude between -180 and 180 and radius_meters between 1 and 100000`,
)
export class Office {
  @Field(() => ID, { description: 'Unique id (UUID).' })
  @PrimaryColumn({ primaryKeyConstraintName: 'offices_pkey', type: 'uuid' })
  id!: string;

  @Field(() => String, { description: '1 to 200 characters.' })
  @Column({ name: 'name', type: 'varchar', length: 200 })
  name!: string;

  @Field(() => Float, {
    nullable: true,
    description: 'Degrees north, -90 to 90. Null if the office has no geofence.',
  })
  @Column({ name: 'latitude', type: 'double precision', nullable: true })
  latitude!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Degrees east, -180 to 180. Null if the office has no geofence.',
  })
  @Column({ name: 'longitude', type: 'double precision', nullable: true })
  longitude!: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'Radius of the geofence, 1 to 100000 metres. Punches outside are refused. Null if the office has no geofence.',
  })
  @Column({ name: 'radius_meters', type: 'double precision', nullable: true })
  radiusMeters!: number | null;

  @Field(() => String, { description: 'IANA time zone of the office. It decides when a day begins.' })
  @Column({ name: 'time_zone', type: 'varchar', length: 64, default: 'UTC' })
  timeZone!: string;

  @Field(() => Boolean, {
    description:
      'Whether employees of other offices may punch at kiosks of this office. Their punches then belong to this office.',
  })
  @Column({ name: 'allow_visitors', type: 'boolean', default: false })
  allowVisitors!: boolean;
}
