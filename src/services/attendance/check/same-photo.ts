import type { Statements } from '../../../database/statements';
import { LocalFileMissing, type LocalStore } from '../../photos/local/local-store';
import type { Photo } from '../../photos/input/photo-reader';

/** $1 the punch's id. */
const FIND = 'SELECT image_path FROM attendances WHERE id = $1';

/** Tells whether a check that is sent again has the photo of the punch that it recorded. */
export class SamePhoto {
  constructor(
    private readonly statements: Statements,
    private readonly local: Pick<LocalStore, 'read'>,
  ) {}

  /** Compares the photo as it would be stored. A punch whose photo was deleted has no same photo. */
  async isOf(punchId: string, { jpeg }: Photo): Promise<boolean> {
    const [row] = await this.statements.run<{ image_path: string | null }>('find-punch-photo', FIND, [
      punchId,
    ]);
    const path = row?.image_path ?? null;
    if (path === null) return false;
    try {
      return jpeg.equals(await this.local.read(path));
    } catch (error) {
      if (error instanceof LocalFileMissing) return false;
      throw error;
    }
  }
}
