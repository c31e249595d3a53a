import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import type { Box, DescribedFace, FaceAnalysis } from '@rollcall/face-rules';
import { type FaceEngine } from '../../src/services/faces/engine/face-engine';
import type { TestPair } from './pairs-file';
import type { PersonPhotos } from './photo-folder';
import type { DescribedPerson } from './trials';

/** Which face of a photo is the person's: as the service takes it, or the one in the middle, as LFW has it. */
type FaceChoice = 'largest' | 'central';

interface DescribeOptions {
  readonly workers: number;
  readonly choice: FaceChoice;
  /** Only the photos of these are described; null: all. */
  readonly pairs: readonly TestPair[] | null;
}

interface Described {
  readonly people: readonly DescribedPerson[];
  readonly photos: number;
  readonly withoutFace: number;
}

/** What is cut out around the face in the middle, as shares of its box on each side. */
const MARGIN = 0.45;

/** Describes a face of every photo; the photos of as many people as there are workers at a time. */
export async function describePeople(
  people: readonly PersonPhotos[],
  engine: FaceEngine,
  { workers, choice, pairs }: DescribeOptions,
): Promise<Described> {
  const wanted =
    pairs && new Set(pairs.flatMap(({ a, b }) => [a, b].map(({ person, number }) => `${person} ${number}`)));
  const results = new Map<string, (DescribedFace | null)[]>();
  const queue = people.flatMap(({ person, photos }) => {
    results.set(person, new Array<DescribedFace | null>(photos.length).fill(null));
    return photos
      .map((path, index) => ({ person, path, index }))
      .filter(({ index }) => wanted === null || wanted.has(`${person} ${index + 1}`));
  });
  let done = 0;
  const worker = async (): Promise<void> => {
    for (let task = queue[done++]; task !== undefined; task = queue[done++]) {
      const list = results.get(task.person) as (DescribedFace | null)[];
      list[task.index] = await faceOf(await readFile(task.path), engine, choice);
      if (done % 500 === 0) process.stderr.write(`${done} of ${queue.length} photos\n`);
    }
  };
  await Promise.all(Array.from({ length: workers }, worker));
  return {
    people: [...results].map(([person, faces]) => ({
      person,
      descriptors: faces.map((face) => face?.embedding ?? null),
      clarities: faces.map((face) => face?.clarity ?? null),
    })),
    photos: queue.length,
    withoutFace: queue.filter(({ person, index }) => results.get(person)?.[index] == null).length,
  };
}

async function faceOf(photo: Buffer, engine: FaceEngine, choice: FaceChoice): Promise<DescribedFace | null> {
  const analysis = await engine.analyse(photo);
  const box = choice === 'central' ? centralOf(analysis) : null;
  if (box === null || box === analysis.faces[0]?.box) return analysis.main;
  // Another one is larger: the photo without it.
  return (await engine.analyse(await cutOut(photo, analysis, box))).main;
}

function centralOf({ faces, width, height }: FaceAnalysis): Box | null {
  const offset = ({ x, y, width: w, height: h }: Box): number =>
    Math.hypot(x + w / 2 - width / 2, y + h / 2 - height / 2);
  return faces.map(({ box }) => box).sort((a, b) => offset(a) - offset(b))[0] ?? null;
}

function cutOut(photo: Buffer, { width, height }: FaceAnalysis, box: Box): Promise<Buffer> {
  const left = Math.max(0, Math.floor(box.x - MARGIN * box.width));
  const top = Math.max(0, Math.floor(box.y - MARGIN * box.height));
  const right = Math.min(width, Math.ceil(box.x + (1 + MARGIN) * box.width));
  const bottom = Math.min(height, Math.ceil(box.y + (1 + MARGIN) * box.height));
  return sharp(photo)
    .extract({ left, top, width: right - left, height: bottom - top })
    .jpeg({ quality: 95 })
    .toBuffer();
}
