import type { Office } from '../../../entities/office.entity';
import { badInput } from '../../../errors';

/** A point on the Earth, in degrees. */
export interface Position {
  readonly latitude: number;
  readonly longitude: number;
}

/** Where somebody is, as the office's geofence sees it. */
interface Place {
  /** Metres from the office; null where the position or the office's is unknown. */
  readonly distance: number | null;
  readonly inside: boolean;
}

/** Mean Earth radius R1 = (2a + b) / 3 of the IUGG, in metres. */
const EARTH_RADIUS_METERS = 6_371_008.8;
const RADIANS = Math.PI / 180;

/** Great-circle distance in metres by the haversine formula (Sinnott 1984); within 0.5 % of the ellipsoid's. */
export function distanceMeters(a: Position, b: Position): number {
  const h =
    Math.sin(((b.latitude - a.latitude) * RADIANS) / 2) ** 2 +
    Math.cos(a.latitude * RADIANS) *
      Math.cos(b.latitude * RADIANS) *
      Math.sin(((b.longitude - a.longitude) * RADIANS) / 2) ** 2;
  // Rounding may carry h past 1 for antipodes, where asin would give NaN.
  return 2 * EARTH_RADIUS_METERS * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** The position of a check. @throws RollcallError BAD_USER_INPUT for half of one */
export function positionOf(sent: {
  readonly latitude?: number | null | undefined;
  readonly longitude?: number | null | undefined;
}): Position | null {
  const { latitude = null, longitude = null } = sent;
  if (latitude !== null && longitude !== null) return { latitude, longitude };
  if (latitude === null && longitude === null) return null;
  const missing = latitude === null ? 'latitude' : 'longitude';
  throw badInput(missing, 'latitude and longitude must be given together');
}

/** Without an office, or where it has no geofence, everybody is inside. */
export function placeOf(office: Office | null, position: Position | null): Place {
  const { latitude = null, longitude = null, radiusMeters = null } = office ?? {};
  const distance =
    position === null || latitude === null || longitude === null
      ? null
      : distanceMeters(position, { latitude, longitude });
  // Written so that a NaN is outside.
  return { distance, inside: radiusMeters === null || (distance !== null && distance <= radiusMeters) };
}

/** What a check answers where a geofence cannot be applied. */
export const positionNeeded = () =>
  badInput('latitude', "latitude and longitude required: the employee's office has a geofence");
