import { Device } from '../../../entities/api-key.entity';
import type { Office } from '../../../entities/office.entity';
import { badInput } from '../../../errors';
import type { Check } from './check';

type SentPosition = Pick<Check, 'positionAccuracyMeters' | 'positionTakenAt' | 'capturedAt' | 'deviceTime'>;

/** A point on the Earth, in degrees. */
export interface Position {
  readonly latitude: number;
  readonly longitude: number;
}

/** Where somebody is, as the office's geofence sees it. */
interface Place {
  /** Metres from the office; null if the position or the office's is unknown. */
  readonly distance: number | null;
  readonly inside: boolean;
}

/** Positions that cannot decide whether somebody is inside a geofence that their circle crosses. */
export interface PositionLimits {
  readonly maxAccuracyMeters: number;
  readonly maxAgeSeconds: number;
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
export function positionOf(sent: Pick<Check, 'latitude' | 'longitude'>): Position | null {
  const { latitude = null, longitude = null } = sent;
  if (latitude !== null && longitude !== null) return { latitude, longitude };
  if (latitude === null && longitude === null) return null;
  const missing = latitude === null ? 'latitude' : 'longitude';
  throw badInput(missing, 'latitude and longitude must be given together');
}

/**
 * Without an office, or if it has no geofence, everybody is inside. A FIXED device is at its office: the position
 * that it sends proves nothing more, so it is not used.
 */
export function placeOf(office: Office | null, position: Position | null, device: Device): Place {
  if (device === Device.FIXED) return { distance: null, inside: true };
  const { latitude = null, longitude = null, radiusMeters = null } = office ?? {};
  const distance =
    position === null || latitude === null || longitude === null
      ? null
      : distanceMeters(position, { latitude, longitude });
  // Written so that a NaN is outside.
  return { distance, inside: radiusMeters === null || (distance !== null && distance <= radiusMeters) };
}

/**
 * Whether the position leaves it undecided if somebody is inside: its circle crosses the fence, and it is poor or old.
 * What the device's clock says is compared with that clock only.
 * @param distance metres from the office
 */
export function isUncertain(
  { positionAccuracyMeters: accuracy = null, positionTakenAt = null, capturedAt, deviceTime }: SentPosition,
  radiusMeters: number | null,
  distance: number,
  { maxAccuracyMeters, maxAgeSeconds }: PositionLimits,
  now: Date,
): boolean {
  if (radiusMeters === null || accuracy === null) return false;
  if (Math.abs(distance - radiusMeters) >= accuracy) return false;
  if (accuracy > maxAccuracyMeters) return true;
  const at = capturedAt ?? deviceTime ?? now;
  return positionTakenAt !== null && at.getTime() - positionTakenAt.getTime() > maxAgeSeconds * 1000;
}

/** The error of a check whose geofence cannot be applied. */
export const positionNeeded = () =>
  badInput('latitude', "latitude and longitude required: the employee's office has a geofence");
