import type { DataSource } from 'typeorm';
import { withoutRow } from './image-rows';
import type { ListedFile, LocalStore } from './local-store';
import { keepAsReviewItem } from './lost-punches';
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
   * Looks for those below some media folders, some at a time. Of the others it is noted that they have a row.
   * @param before when they were written; the row of a younger one may be about to be
   */
  async *find(
    folders: readonly string[],
    before: Date,
    signal?: AbortSignal,
  ): AsyncGenerator<readonly ListedFile[], void, void> {
    let batch: ListedFile[] = [];
    for (const folder of folders) {
      for await (const file of this.local.list(folder)) {
        if (signal?.aborted === true) return;
        // A file with another form of name is not ours.
        if (file.modifiedAt < before && isMediaPath(file.path)) batch.push(file);
        if (batch.length < BATCH) continue;
        yield await this.among(batch);
        batch = [];
      }
    }
    if (batch.length > 0) yield await this.among(batch);
  }

  private async among(files: readonly ListedFile[]): Promise<ListedFile[]> {
    const paths = files.map(({ path }) => path);
    const orphans = new Set(await withoutRow(this.dataSource.manager, paths));
    for (const { path, confirmed } of files) {
      if (!orphans.has(path) && !confirmed) await this.local.confirm(path);
    }
    return files.filter(({ path }) => orphans.has(path));
  }

  /**
   * Keeps the photo of a punch that a database does not know any more, because it was set back: as a review item, so that
   * a person decides about it.
   * @returns whether there was one
   */
  adopt(path: string): Promise<boolean> {
    return keepAsReviewItem(this.dataSource, this.local, path);
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
