import { Client, type ClientConfig } from 'pg';

const DEADLINE_MS = 5000;
/** A pooler that has a connection for another client gives it at once. */
const OTHERS_DEADLINE_MS = 1000;
const OTHERS = 5;
/** How often all clients begin a transaction at the same time. */
const ROUNDS = 5;

const STATEMENT_POOLING =
  'DATABASE_URL leads to a pooler that pools single statements, so transactions are impossible. Set its pool_mode to session or transaction';

/**
 * Whether a pooler such as PgBouncer gives this client another server connection for each transaction. Then prepared
 * statements, settings, locks and LISTEN do not last. Only with such a pooler one process serves two clients that are
 * connected, or one client is served by two processes.
 * @throws Error if even transactions are impossible; what the database throws
 */
export async function poolsTransactions(config: ClientConfig): Promise<boolean> {
  const clients: Client[] = [];
  const processes = new Map<Client, number>();
  /** @returns whether the process served another client before, or the client had another process */
  const sharesProcess = async (client: Client): Promise<boolean> => {
    const found = await processOf(client);
    const known = processes.get(client);
    if (known !== undefined) return known !== found;
    const isOfAnother = [...processes.values()].includes(found);
    processes.set(client, found);
    return isOfAnother;
  };
  try {
    const one = await connected(config, DEADLINE_MS);
    clients.push(one);
    await sharesProcess(one);
    // If the pooler is idle, the second client gets the process of the first one.
    while (clients.length <= OTHERS) {
      const other = await connected(config, OTHERS_DEADLINE_MS).catch(() => null);
      // A pooler of sessions, or the database, may have no more connections.
      if (other === null) break;
      clients.push(other);
      const shared = await sharesProcess(other).catch(() => null);
      if (shared === true) return true;
      if (shared === null) break;
    }
    // If other nodes keep it busy, the processes mix.
    for (let round = 0; round < ROUNDS; round++) {
      const looks = [...processes.keys()].map((client) =>
        sharesProcess(client).catch((error: unknown) => {
          if (client === one) throw error;
          processes.delete(client);
          return false;
        }),
      );
      if ((await Promise.all(looks)).includes(true)) return true;
    }
    return false;
  } finally {
    await Promise.all(clients.map((client) => client.end().catch(() => undefined)));
  }
}

async function connected(config: ClientConfig, deadlineMs: number): Promise<Client> {
  const client = new Client({
    ...config,
    connectionTimeoutMillis: deadlineMs,
    query_timeout: deadlineMs,
  });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** The server process of a transaction. */
async function processOf(client: Client): Promise<number> {
  await client.query('BEGIN').catch((error: unknown) => {
    if (/statement pooling/.test((error as Error).message)) throw new Error(STATEMENT_POOLING);
    throw error;
  });
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  await client.query('COMMIT');
  return (rows[0] as { pid: number }).pid;
}
