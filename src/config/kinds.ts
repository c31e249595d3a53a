import { z } from 'zod';

/** An empty variable is what hosting dashboards and `KEY=` in a .env file mean by "not set". */
export const unsetWhenEmpty = (value: unknown): unknown =>
  typeof value === 'string' && value.trim() === '' ? undefined : value;

export const text = () => z.preprocess(unsetWhenEmpty, z.string().trim().optional());
export const httpUrl = () =>
  z.preprocess(unsetWhenEmpty, z.url({ protocol: /^https?$/, error: 'must be an http(s) URL' }).optional());
export const number = (min: number, max: number, fallback: number) =>
  z.preprocess(
    unsetWhenEmpty,
    z.coerce
      .number({ error: 'must be a number' })
      .min(min, `must be ${min} to ${max}`)
      .max(max, `must be ${min} to ${max}`)
      .default(fallback),
  );
/** A number. If it is not set, something else decides it. */
export const optionalNumber = (min: number, max: number) =>
  z.preprocess(
    unsetWhenEmpty,
    z.coerce
      .number({ error: 'must be a number' })
      .min(min, `must be ${min} to ${max}`)
      .max(max, `must be ${min} to ${max}`)
      .optional(),
  );
export const integer = (min: number, max: number, fallback: number) =>
  z.preprocess(
    unsetWhenEmpty,
    z.coerce
      .number({ error: 'must be a whole number' })
      .int('must be a whole number')
      .min(min, `must be ${min} to ${max}`)
      .max(max, `must be ${min} to ${max}`)
      .default(fallback),
  );
/** Yes or no, in the spellings that people try. */
export const yesOrNo = z.stringbool({
  truthy: ['true', '1', 'yes'],
  falsy: ['false', '0', 'no'],
  error: 'must be true or false',
});
export const flag = (fallback: boolean) => z.preprocess(unsetWhenEmpty, yesOrNo.default(fallback));
/** The path of a claim in a token. */
export const claim = (fallback: string) =>
  z.preprocess(
    unsetWhenEmpty,
    z.string().trim().max(200, 'must have at most 200 characters').default(fallback),
  );
