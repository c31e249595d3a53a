import {
  isTimeZone,
  IsNumber,
  Max,
  Min,
  ValidateBy,
  ValidateIf,
  ValidateNested,
  type ValidationOptions,
} from 'class-validator';
import { EMPLOYEE_ID_PATTERN } from '../entities/employee.entity';
import { isPlainName, PLAIN_NAME } from '../services/text/plain-name';

/** Property decorators of inputs. Each names its bound; null and undefined pass, since the schema decides those. */

const given = (): PropertyDecorator => ValidateIf((_, value) => value !== undefined && value !== null);

/** Both decorators as one. */
const all =
  (...decorators: PropertyDecorator[]): PropertyDecorator =>
  (target, key) => {
    for (const decorate of decorators) decorate(target, key);
  };

/** Validates an input within an input, or each of a list. TypeGraphQL has made instances of them. */
export const IsNested = (): PropertyDecorator => all(given(), ValidateNested());

const by = (name: string, message: string, test: (value: unknown) => boolean): PropertyDecorator => {
  const options: ValidationOptions = { message };
  return all(given(), ValidateBy({ name, validator: { validate: test } }, options));
};

/** Characters as PostgreSQL counts them: code points. */
const lengthOf = (value: string): number => [...value].length;

/** Every script and combining character is welcome; control characters and broken surrogates are not text. */
const isText = (value: string): boolean => !/[\p{Cc}\p{Cs}]/u.test(value);

/** Text of 1 to `max` characters that is more than blanks. */
export const IsText = (max: number): PropertyDecorator =>
  by(
    'isText',
    `must be 1 to ${max} characters, not only spaces, without control characters`,
    (value) =>
      typeof value === 'string' &&
      value.length <= max * 2 &&
      lengthOf(value) <= max &&
      value.trim() !== '' &&
      isText(value),
  );

/** A new name: a text without characters that nobody sees. A stored one may have some (services/text/plain-name.ts). */
export const IsName = (max: number): PropertyDecorator =>
  all(
    IsText(max),
    by(
      'isName',
      PLAIN_NAME,
      (value) => typeof value !== 'string' || value.length > max * 2 || isPlainName(value),
    ),
  );

/** A part of a text to search for: at most `max` characters, may be empty. */
export const IsSearch = (max: number): PropertyDecorator =>
  by(
    'isSearch',
    `must be at most ${max} characters, without control characters`,
    (value) =>
      // Counting code points takes memory, so a text that cannot do is not counted.
      typeof value === 'string' && value.length <= max * 2 && lengthOf(value) <= max && isText(value),
  );

/** What a token can be; which there is only the database knows. */
export const IsToken = (): PropertyDecorator =>
  by(
    'isToken',
    'must be 1 to 200 characters',
    (value) => typeof value === 'string' && value.length >= 1 && value.length <= 200,
  );

export const IsEmployeeId = (): PropertyDecorator =>
  by(
    'isEmployeeId',
    "must be 1 to 64 letters (A-Z, a-z), digits, '.', '_' and '-'",
    (value) => typeof value === 'string' && EMPLOYEE_ID_PATTERN.test(value),
  );

/** The id of a new employee. An id of dots would look like a folder in a path. */
export const IsNewEmployeeId = (): PropertyDecorator =>
  all(
    IsEmployeeId(),
    by(
      'isNewEmployeeId',
      'must have a letter, a digit, _ or -',
      (value) => !/^\.+$/.test(String(value).slice(0, 65)),
    ),
  );

/** A finite number within bounds; NaN and Infinity are none. */
const within = (min: number, max: number, unit: string): PropertyDecorator => {
  const options: ValidationOptions = { message: `must be a number, ${min} to ${max} ${unit}` };
  return all(given(), IsNumber({}, options), Min(min, options), Max(max, options));
};

export const IsLatitude = (): PropertyDecorator => within(-90, 90, 'degrees');
export const IsLongitude = (): PropertyDecorator => within(-180, 180, 'degrees');
/** Half way around the Earth is as uncertain as a position can be. */
export const IsAccuracy = (): PropertyDecorator => within(0, 40_000_000, 'metres');
export const IsRadius = (): PropertyDecorator => within(1, 100_000, 'metres');

export const IsIanaTimeZone = (): PropertyDecorator =>
  by(
    'isIanaTimeZone',
    'must be an IANA time zone, for example UTC or Europe/Madrid',
    // Offsets such as +01:00, which Intl takes as well, know no summer time.
    (value) =>
      typeof value === 'string' && /^[A-Za-z]/.test(value) && value.length <= 64 && isTimeZone(value),
  );
