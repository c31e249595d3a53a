import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ModelFault, readModel } from './model-files';

/** The file in a model's folder that describes it. docs/guide/faces.md explains every field. */
const MANIFEST = 'model.json';

/** A cosine that tells people apart. Strangers have about 0. */
const score = z.number().positive().max(1);
const point = z.tuple([z.number(), z.number()]);
type Alignment = readonly [Spot, Spot, Spot, Spot, Spot];
type Spot = readonly [x: number, y: number];

/** Eyes are at least this share of the picture apart: a face that is smaller has no details. */
const MIN_EYE_DISTANCE = 1 / 8;

/** Whether the points are those of an upright face within the picture. */
function isFace(points: Alignment, size: number): boolean {
  const [leftEye, rightEye, nose, leftCorner, rightCorner] = points;
  return (
    points.flat().every((value) => value >= 0 && value <= size) &&
    rightEye[0] - leftEye[0] >= size * MIN_EYE_DISTANCE &&
    rightCorner[0] > leftCorner[0] &&
    Math.max(leftEye[1], rightEye[1]) < nose[1] &&
    nose[1] < Math.min(leftCorner[1], rightCorner[1])
  );
}

const fieldsSchema = z.strictObject({
  id: z.string().regex(/^[\w.-]{1,64}$/, "must be 1 to 64 letters, digits, '.', '_' and '-'"),
  /** A file in the same folder. */
  file: z.string().regex(/^(?!\.{1,2}$)[\w.-]+$/, 'must be the name of a file in the same folder'),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits in lower case'),
  input: z.strictObject({
    /** Pixels a side of the face that the model describes. */
    size: z.number().int().min(32).max(512),
    channels: z.enum(['RGB', 'BGR']),
    /** The model gets (value - mean) / scale of a channel of 0 to 255. */
    mean: z.number().min(0).max(255),
    scale: z.number().min(0.001).max(1000),
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

const manifestSchema = fieldsSchema.superRefine(({ alignment, input: { size } }, context) => {
  if (isFace(alignment, size)) return;
  context.addIssue({
    code: 'custom',
    path: ['alignment'],
    message: `must be the points of an upright face in pixels, 0 to ${size}: left eye, right eye, tip of the nose, left and right corner of the mouth, as the picture shows them`,
  });
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
