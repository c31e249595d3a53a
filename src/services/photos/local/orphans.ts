import type { DataSource } from 'typeorm';
import { withoutRow } from './image-rows';
import type { LocalStore } from './local-store';
import { isMediaPath } from './media-paths';

/** The folders below media. */
export const MEDIA_FOLDERS: readonly string[] = ['attendance_images', 'face_images'];

/** In days: a crash may have left files in younger folders. */
const RECENT_DAYS = 2;
const BATCH = 500;
const MS_PER_DAY = 86_400_000;

/** Where photos are put now: those of punches lie in folders by day. */
export function recentFolders(now: Date): string[] {
  const days = Array.from({ length: RECENT_DAYS }, (_, days) => {
    const day = new Date(now.getTime() - days * MS_PER_DAY).toISOString().slice(0, 10);
    return `attendance_images/${day.replaceAll('-', '/')}`;
  });
  return [...days, 'face_images'];
}

/** Photos that no row names: a crash came between the file and the row, or between the row's end and the file's. */
export class Orphans {
  constructor(
    private readonly dataSource: DataSource,
    private readonly local: LocalStore,
  ) {}

  /**
   * Looks for those below some media folders, some at a time.
   * @param before when they were written; the row of a younger one may be about to be
   */
  async *find(
    folders: readonly string[],
    before: Date,
    signal?: AbortSignal,
  ): AsyncGenerator<readonly string[], void, void> {
    let batch: string[] = [];
    for (const folder of folders) {
      for await (const { path, modifiedAt } of this.local.list(folder)) {
        if (signal?.aborted === true) return;
        // A file with another form of name is not ours.
        if (modifiedAt < before && isMediaPath(path)) batch.push(path);
        if (batch.length < BATCH) continue;
        yield await withoutRow(this.dataSource.manager, batch);
        batch = [];
      }
    }
    if (batch.length > 0) yield await withoutRow(this.dataSource.manager, batch);
  }

  /**
   * Removes a file, unless it has a row by now. Looks again under the lock that every enrolment holds while it renames
   * its photo into place: a new one may just be taking the name over.
   * @param before when it was written; left out: whenever
   * @returns whether there was one to remove
   */
  remove(path: string, before?: Date): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      await manager.query('SELECT version FROM gallery_state WHERE id = 1 FOR UPDATE');
      const modifiedAt = await this.local.modifiedAt(path);
      if (modifiedAt === null || (before !== undefined && modifiedAt >= before)) return false;
      if ((await withoutRow(manager, [path])).length === 0) return false;
      await this.local.remove(path);
      return true;
    });
  }
}
