import type { DataSource } from 'typeorm';
import { lookDistance, MAX_FACE, MAX_PICTURE } from '../../faces/replay/near-copy';

/** Pairs of accepted photos of one employee, counted by the rules for copies. */
export interface PhotoDistances {
  readonly pairs: number;
  /** Of the pairs whose faces alone, and whose pictures alone, are within the bound of a copy. */
  readonly sameFace: number;
  readonly samePicture: number;
  /** Both: accepted before the rule, or under the requestId of the other. */
  readonly copies: number;
  /** Shares of differing bits, of the pairs within the other bound; null: there are none. */
  readonly closestPicture: number | null;
  readonly closestFace: number | null;
}

/** At most so many photos of an employee: the latest. */
const MAX_PHOTOS = 200;

/**
 * How far the remembered photos of each employee are apart. Hashes of one employee have the same pad, so it needs no
 * key. Refused photos are not remembered.
 */
export async function photoDistances(
  dataSource: Pick<DataSource, 'query'>,
  modelId: string,
): Promise<PhotoDistances> {
  let [pairs, sameFace, samePicture, copies] = [0, 0, 0, 0];
  let [closestPicture, closestFace] = [Infinity, Infinity];
  const employees = await dataSource.query<{ id: string }[]>(
    'SELECT DISTINCT employee_id AS id FROM seen_faces WHERE model_id = $1 AND hash IS NOT NULL',
    [modelId],
  );
  for (const { id } of employees) {
    const photos = await dataSource.query<{ hash: Buffer }[]>(
      `SELECT hash FROM seen_faces WHERE employee_id = $1 AND model_id = $2 AND hash IS NOT NULL
       ORDER BY seen_at DESC LIMIT ${MAX_PHOTOS}`,
      [id, modelId],
    );
    for (const [i, a] of photos.entries()) {
      for (const b of photos.slice(i + 1)) {
        const { picture, face, copy } = lookDistance(a.hash, b.hash);
        pairs++;
        if (copy) copies++;
        if (face <= MAX_FACE) {
          sameFace++;
          closestPicture = Math.min(closestPicture, picture);
        }
        if (picture <= MAX_PICTURE) {
          samePicture++;
          closestFace = Math.min(closestFace, face);
        }
      }
    }
  }
  return {
    ...{ pairs, sameFace, samePicture, copies },
    closestPicture: sameFace === 0 ? null : closestPicture,
    closestFace: samePicture === 0 ? null : closestFace,
  };
}

/** The distances as text for a terminal. */
export function renderDistances(distances: PhotoDistances): string {
  const { pairs, sameFace, samePicture, copies, closestPicture, closestFace } = distances;
  const title = 'Copies of photos (REPLAY_WINDOW_DAYS)';
  if (pairs === 0) return `\n${title}\n  No employee has two remembered photos.\n`;
  const closest = (share: number | null): string => (share === null ? '-' : share.toFixed(3));
  return [
    '',
    `${title}: shares of differing bits, ${pairs} pairs of accepted photos of one employee`,
    `  faces at most ${MAX_FACE} apart: ${sameFace}; closest pictures of these ${closest(closestPicture)} (copy: at most ${MAX_PICTURE})`,
    `  pictures at most ${MAX_PICTURE} apart: ${samePicture}; closest faces of these ${closest(closestFace)} (copy: at most ${MAX_FACE})`,
    `  both: ${copies}`,
    '  Refused photos are not remembered; the audit trail has them as check.refused with REPLAY_DETECTED.',
    '',
  ].join('\n');
}
