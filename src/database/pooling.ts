import { Client, type ClientConfig } from 'pg';

const DEADLINE_MS = 5000;
/** A pooler mostly hands out the connection that was used last, but may have some other idle ones. */
const ATTEMPTS = 5;

const STATEMENT_POOLING =
  'DATABASE_URL leads to a pooler that pools single statements, so transactions are impossible. Set its pool_mode to session or transaction';

/**
 * Whether a pooler such as PgBouncer gives this client another server connection for each transaction. Then prepared
 * statements, settings, locks and LISTEN do not last. Only such a pooler serves two connected clients with one server
 * process.
 * @throws Error if even transactions are impossible; what the database throws
 */
export async function poolsTransactions(config: ClientConfig): Promise<boolean> {
  const one = await connected(config);
  const others: Client[] = [];
  try {
    const idle = await processOf(one);
    // Their transactions stay open: a pooler hands out idle connections first, and so that of the first client in the end.
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const other = await connected(config).catch(() => null);
      // A pooler that has no connection for a further session does not share the first one's.
      if (other === null) return false;
      others.push(other);
      await other.query('BEGIN').catch((error: unknown) => {
        if (/statement pooling/.test((error as Error).message)) throw new Error(STATEMENT_POOLING);
        throw error;
      });
      if ((await processOf(other)) === idle) return true;
    }
    // The same client is served by one process after another.
    return (await processOf(one)) !== idle;
  } finally {
    await Promise.all([one, ...others].map((client) => client.end().catch(() => undefined)));
  }
}

async function connected(config: ClientConfig): Promise<Client> {
  const client = new Client({
    ...config,
    connectionTimeoutMillis: DEADLINE_MS,
    query_timeout: DEADLINE_MS,
  });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

async function processOf(client: Client): Promise<number | undefined> {
  return (await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]?.pid;
}
