import { Readable } from 'node:stream';
import type { DataSource } from 'typeorm';
import { ZipFile } from 'yazl';
import { LocalFileMissing, type LocalStore } from '../../photos/local/local-store';
import { PHOTOS } from './sections';
import { personRecord } from './person-record';

/** Everything that is held on one person, as a ZIP that is made while it is read: data.json, and photos/. */
export class ExportArchive {
  constructor(
    private readonly dataSource: DataSource,
    private readonly local: LocalStore,
    private readonly now: () => Date,
  ) {}

  /** @returns the bytes; the stream breaks off if the database or the disk fails */
  async open(subjectId: string): Promise<Readable> {
    const photos = await this.dataSource.query<{ path: string }[]>(PHOTOS, [subjectId]);
    const zip = new ZipFile();
    const output = zip.outputStream as Readable;
    zip.on('error', (error: Error) => output.destroy(error));
    zip.addReadStream(Readable.from(personRecord(this.dataSource, subjectId, this.now())), 'data.json');
    // One that is being removed may have the name of another.
    for (const path of new Set(photos.map(({ path }) => path))) {
      // JPEGs do not get smaller. Opened only when their turn comes: one photo in memory at a time.
      zip.addReadStreamLazy(`photos/${path}`, { compress: false }, (use) => {
        this.read(path).then(
          (jpeg) => use(null, Readable.from([jpeg])),
          (error: unknown) => use(error, Readable.from([])),
        );
      });
    }
    zip.end();
    return output;
  }

  /** Nothing for a photo that retention removed meanwhile: its name stays in the archive, with no bytes. */
  private async read(path: string): Promise<Buffer> {
    try {
      return await this.local.read(path);
    } catch (error) {
      if (error instanceof LocalFileMissing) return Buffer.alloc(0);
      throw error;
    }
  }
}
