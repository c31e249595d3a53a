import { Agent } from 'node:http';
import type { Client } from 'pg';
import { post } from '../check-attendance/load';
import { cpuSeconds } from '../check-attendance/process-meter';
import { startService, type Place, type Server } from '../check-attendance/servers';
import { MONTH } from './seed';

/** Processor time in ms, of the service with all its threads and of its PostgreSQL backends. */
export interface Cpu {
  readonly service: number;
  readonly database: number;
}

/** One service on the shared database. */
export interface Contender {
  readonly name: string;
  readonly server: Server;
  /** Processor time used so far. A backend that ended is no longer in it. */
  cpu(): Promise<Cpu>;
  post(body: object): Promise<string>;
  /** Downloads the month as CSV. */
  download(): Promise<{ readonly seconds: number; readonly megabytes: number }>;
  stop(): Promise<void>;
}

/** @param admin a connection to the shared database, which sees the backends */
export async function startContender(name: string, place: Place, admin: Client): Promise<Contender> {
  const databaseUrl = new URL(place.databaseUrl);
  databaseUrl.searchParams.set('application_name', name);
  const server = await startService({ ...place, databaseUrl: databaseUrl.href }, { RATE_LIMIT_PER_KEY: '0' });
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  const send = async (body: object): Promise<string> => {
    const answer = await post(server, agent, Buffer.from(JSON.stringify(body)));
    if (answer.includes('"errors"')) throw new Error(answer.slice(0, 300));
    return answer;
  };
  return {
    ...{ name, server, post: send },
    async cpu() {
      const { rows } = await admin.query<{ pid: number }>(
        'SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1',
        [name],
      );
      const database = rows.reduce((sum, { pid }) => sum + cpuSeconds(pid), 0);
      return { service: cpuSeconds(server.pid) * 1000, database: database * 1000 };
    },
    async download() {
      const query = 'mutation ($input: CreateReportLinkInput!) { createReportLink(input: $input) { url } }';
      const input = { kind: 'TIMESHEET_DAYS', format: 'CSV', ...MONTH };
      const { data } = JSON.parse(await send({ query, variables: { input } })) as {
        data: { createReportLink: { url: string } };
      };
      const { pathname, search } = new URL(data.createReportLink.url);
      const begin = performance.now();
      const response = await fetch(new URL(pathname + search, server.url));
      if (!response.ok || response.body === null) throw new Error(`The download answered ${response.status}`);
      let bytes = 0;
      for await (const chunk of response.body as AsyncIterable<Uint8Array>) bytes += chunk.length;
      return { seconds: (performance.now() - begin) / 1000, megabytes: bytes / 1e6 };
    },
    async stop() {
      agent.destroy();
      await server.stop();
    },
  };
}
