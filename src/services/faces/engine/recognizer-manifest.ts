import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ModelFault, readModel } from './model-files';

/** The file in a model's folder that describes it. docs/guide/faces.md explains every field. */
const MANIFEST = 'model.json';

const score = z.number().min(-1).max(1);
const point = z.tuple([z.number(), z.number()]);

const manifestSchema = z.strictObject({
  id: z.string().regex(/^[\w.-]{1,64}$/, "must be 1 to 64 letters, digits, '.', '_' and '-'"),
  /** A file in the same folder. */
  file: z.string().regex(/^[\w.-]+$/, 'must be the name of a file in the same folder'),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits in lower case'),
  input: z.strictObject({
    /** Pixels a side of the face that the model describes. */
    size: z.number().int().min(32).max(512),
    channels: z.enum(['RGB', 'BGR']),
    /** The model gets (value - mean) / scale of a channel of 0 to 255. */
    mean: z.number(),
    scale: z.number().positive(),
  }),
  /** Where eyes, tip of the nose and corners of the mouth lie in the input, in pixels; left and right of the picture. */
  alignment: z.tuple([point, point, point, point, point]),
  /** Numbers in an embedding. The database takes multiples of 8. */
  dimension: z.number().int().min(8).max(1024).multipleOf(8),
  thresholds: z.strictObject({
    /** Minimum cosine for a claimed person, and in a search. */
    match: score,
    identify: score,
    /** Two people of this cosine count as one at enrolment. */
    duplicate: score,
    /** Minimum cosine between the photos of one enrolment. */
    samePerson: score,
    /** Minimum lead over the next person in a search. */
    margin: z.number().min(0).max(1),
    /** Where the values come from. */
    source: z.string().min(1),
  }),
  /** Minimum length of an embedding; a shorter one comes from an unclear face. Left out: not checked. */
  minLength: z.strictObject({ enrolment: z.number().min(0), check: z.number().min(0) }).optional(),
});

/** A model that describes faces, as its manifest says. */
export type RecognizerManifest = Readonly<z.infer<typeof manifestSchema>>;

/** Reads the manifest of a folder, and checks it and the model's file. @throws ModelFault with every fault */
export async function readManifest(folder: string): Promise<RecognizerManifest> {
  const path = join(folder, MANIFEST);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new ModelFault(`${path}: cannot be read`, { cause: error });
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ModelFault(`${path}: is not JSON`);
  }
  const parsed = manifestSchema.safeParse(value);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(
      (issue) => `${issue.path.join('.') || MANIFEST}: ${issue.message}`,
    );
    throw new ModelFault(`${path}: ${faults.join('; ')}`);
  }
  await readModel(join(folder, parsed.data.file), parsed.data.sha256);
  return parsed.data;
}
