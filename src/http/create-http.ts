import type { ApolloServer } from '@apollo/server';
import type { FastifyInstance } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { Areas } from '../areas';
import type { Base } from '../base';
import { createLoaders, type Context } from '../context';
import type { VisibleScores } from '../services/access/visible-scores';
import { createApolloServer } from './graphql/apollo-server';
import { createFormatter } from './graphql/format-error';
import type { PersistedOperations } from './graphql/persisted-operations';
import { Authenticator } from './hooks/authenticator';
import { RateLimits } from './hooks/rate-limits';
import { addGauges } from './gauges';
import { createHttpServer } from './server';

export interface Http {
  readonly apollo: ApolloServer<Context>;
  readonly server: FastifyInstance;
}

/** What the API accepts and reveals. */
interface ApiRules {
  /** null: every operation is accepted. */
  readonly persisted: PersistedOperations | null;
  readonly scores: VisibleScores;
}

/** The API over HTTP, started and not yet listening. */
export async function createHttp(
  base: Base,
  areas: Areas,
  schema: GraphQLSchema,
  { persisted, scores }: ApiRules,
): Promise<Http> {
  const { config, dataSource, metrics, writeProof, log } = base;
  const { access, audit, faces, photos, privacy } = areas;
  addGauges(base, areas);
  const { adminApiKey } = config.access;
  const { introspection, streams: limits } = config.http;
  const { noteRefused, notePhotoRead } = audit;
  const example = { withKey: adminApiKey !== null, describesFaces: faces.engine !== null };
  const apollo = createApolloServer(schema, log, example, {
    introspection,
    scores,
    persisted,
    noteRefused,
    sandbox: config.http.explorer === 'sandbox',
  });
  await apollo.start();
  const { gallerySync } = faces;
  const { local, addresses } = photos;
  const { tickets, archive } = privacy;
  const server = await createHttpServer({
    ...config.http,
    apollo,
    createLoaders: () => createLoaders(dataSource, areas.punches.days),
    authenticator: new Authenticator({ adminApiKey, keys: access.keyLookup, tokens: access.tokens }),
    contact: { beacons: access.beacons, contacts: access.contacts },
    rateLimits: new RateLimits(config.http.rateLimits),
    persisted,
    metrics: { metrics, token: config.metrics.token },
    streams: { schema, limits, formatError: createFormatter({ suggestions: introspection, scores }) },
    maxImageBytes: config.photos.maxBytes,
    local,
    addresses,
    notePhotoRead,
    noteRefused,
    exports: {
      redeem: (token, from) => tickets.redeem(token, from),
      open: (subjectId) => archive.open(subjectId),
    },
    reports: areas.files,
    readiness: {
      database: () => writeProof.check(),
      templates: () => (gallerySync.ready ? Promise.resolve() : Promise.reject(new Error('still loading'))),
      disk: () => local.writable(),
    },
    log,
  });
  return { apollo, server };
}
