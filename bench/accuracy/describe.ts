import { readFile } from 'node:fs/promises';
import { type FaceEngine } from '../../src/services/faces/engine/face-engine';
import type { PersonPhotos } from './photo-folder';
import type { Person } from './trials';

interface Described {
  readonly plain: readonly Person[];
  readonly aligned: readonly Person[];
  readonly photos: number;
  readonly withoutFace: number;
}

type Pair = { readonly plain: Float64Array; readonly aligned: Float64Array } | null;

/** Describes the largest face of every photo; the photos of as many people as there are workers at a time. */
export async function describePeople(
  people: readonly PersonPhotos[],
  engine: FaceEngine,
  workers: number,
): Promise<Described> {
  const results = new Map<string, Pair[]>();
  const queue = people.flatMap(({ person, photos }) => {
    results.set(person, new Array<Pair>(photos.length).fill(null));
    return photos.map((path, index) => ({ person, path, index }));
  });
  let done = 0;
  const worker = async (): Promise<void> => {
    for (let task = queue[done++]; task !== undefined; task = queue[done++]) {
      const { main } = await engine.analyse(await readFile(task.path));
      const list = results.get(task.person) as Pair[];
      list[task.index] = main === null ? null : { plain: main.plain, aligned: main.aligned };
      if (done % 500 === 0) process.stderr.write(`${done} of ${queue.length} photos\n`);
    }
  };
  await Promise.all(Array.from({ length: workers }, worker));
  const of = (model: 'plain' | 'aligned'): Person[] =>
    [...results].map(([person, list]) => ({
      person,
      descriptors: list.map((pair) => pair?.[model] ?? null),
    }));
  return {
    plain: of('plain'),
    aligned: of('aligned'),
    photos: queue.length,
    withoutFace: [...results.values()].flat().filter((pair) => pair === null).length,
  };
}
