import type { DataSource } from 'typeorm';
import { createAreas } from './areas';
import { openBase, type Base } from './base';
import type { Config } from './config/config';
import { createHttp } from './http/create-http';
import { PersistedOperations } from './http/graphql/persisted-operations';
import { Lifecycle } from './lifecycle';
import { createResolvers } from './resolvers/create-resolvers';
import { createSchema } from './resolvers/schema';
import { VisibleScores } from './services/access/visible-scores';
import { openModel } from './services/faces/engine/open-model';
import { UPLOAD_TIMING, type UploadTiming } from './services/photos/cdn/upload-timing';

export interface App {
  /** Begins to listen. @returns the address as the service names itself, e.g. http://localhost:4000 */
  listen(): Promise<string>;
  /** Takes nothing new, finishes what is in flight, and closes everything. */
  close(): Promise<void>;
  /** Deletes rows whose time is over, and files without a row, now; otherwise it happens every hour. @returns how many files */
  sweep(): Promise<number>;
  /** Does now what is due in the background (uploads, removals, erasures) and writes what is gathered for the audit trail. */
  settle(): Promise<void>;
  /** The open database. */
  readonly dataSource: DataSource;
}

interface AppOptions {
  /** Called when the embedded database has failed. The process must then be restarted. */
  readonly onFatal?: (error: Error) => void;
  /** The clock; tests set it. */
  readonly now?: () => Date;
  /** The paces of uploads; tests go faster. */
  readonly uploadTiming?: UploadTiming;
}

/** The composition root: everything is built here, once, from the configuration. Opens and migrates the database. */
export async function createApp(
  config: Config,
  { onFatal = fail, now = () => new Date(), uploadTiming = UPLOAD_TIMING }: AppOptions = {},
): Promise<App> {
  const { persistedOperations: lists } = config.http;
  // Before anything is opened: what cannot be read is a fault of the configuration.
  const persisted = lists === null ? null : await PersistedOperations.load(lists);
  const { modelDir, modelId } = config.faces;
  if (modelDir !== null) await openModel(modelDir, modelId);
  const base = await openBase(config, { onFatal, now });
  try {
    return await assemble(base, persisted, uploadTiming);
  } catch (error) {
    await base.writeProof.close();
    await base.dataSource.destroy();
    throw error;
  }
}

async function assemble(
  base: Base,
  persisted: PersistedOperations | null,
  timing: UploadTiming,
): Promise<App> {
  const { config, dataSource } = base;
  const { port, publicUrl } = config.http;
  let address = publicUrl ?? `http://localhost:${port}`;
  const areas = await createAreas(base, { publicUrl: () => address, timing });
  const scores = new VisibleScores(config.checks.exposeSimilarity);
  const schema = await createSchema(createResolvers(config, areas, scores, base.now), areas.attendance.feed);
  const http = await createHttp(base, areas, schema, { persisted, scores });
  const lifecycle = new Lifecycle(base, areas, http);
  const { housekeeping } = areas.photos;
  return {
    async listen() {
      const listening = await lifecycle.listen();
      // The configured port may be 0.
      if (publicUrl === null) address = `http://localhost:${listening}`;
      await lifecycle.begin();
      return address;
    },
    close: () => lifecycle.stop(),
    async sweep() {
      await housekeeping.purge();
      return housekeeping.sweep();
    },
    settle: () => lifecycle.settle(),
    dataSource,
  };
}

function fail(error: Error): never {
  throw error;
}
