import { ApiClient } from '../api-client';
import { createStorage, type TestStorage } from '../databases';
import { CREATE_OFFICE, REGISTER } from '../operations';
import { base64Photo } from '../photos';
import { TestService } from '../service';
import { Network } from './network';

export const ADMIN_KEY = 'an-admin-key-for-the-tests';

interface TestOffice {
  readonly id: string;
  readonly name: string;
}

interface StoredPunch {
  readonly employeeId: string;
  readonly type: string;
  readonly recordedAt: string;
  readonly offline: boolean;
  readonly receivedAt: string;
  readonly proof: { readonly liveness: boolean; readonly challenge: boolean };
}

const PUNCHES = `{
  attendances(first: 200) {
    nodes { type recordedAt offline receivedAt employee { employeeId } proof { liveness challenge } }
  }
}`;

/** A service with a key, an office in Berlin, and the network between it and the browser. */
export class Installation {
  private constructor(
    private running: TestService,
    readonly network: Network,
    readonly office: TestOffice,
    private readonly storage: TestStorage,
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  static async start(more: Readonly<Record<string, string>> = {}): Promise<Installation> {
    const storage = await createStorage('pglite');
    // Two checks of one person within a test are two punches.
    const env = {
      ADMIN_API_KEY: ADMIN_KEY,
      PUNCH_MIN_INTERVAL_SECONDS: '0',
      FACE_WARM_START: 'true',
      ...more,
    };
    const service = await TestService.start('pglite', { storage, env });
    const network = new Network(service.url);
    await network.up();
    const input = { name: 'Head office', timeZone: 'Europe/Berlin' };
    const { createOffice } = await ask<{ createOffice: TestOffice }>(service, CREATE_OFFICE, { input });
    return new Installation(service, network, createOffice, storage, env);
  }

  get service(): TestService {
    return this.running;
  }

  /** As the browser sees it. */
  get url(): string {
    return this.network.url;
  }

  async stop(): Promise<void> {
    await this.network.down();
    await this.running.stop();
    await this.storage.remove();
  }

  /** Another process with the same data, as after an update; browsers see the same address. */
  async restart(): Promise<void> {
    const { storage, env } = this;
    await this.running.stop();
    this.running = await TestService.start('pglite', { storage, env });
    this.network.upstream = this.running.url;
  }

  /** Asks as the administrator, past the network. */
  ask<T>(query: string, variables: Readonly<Record<string, unknown>> = {}): Promise<T> {
    return ask<T>(this.running, query, variables);
  }

  /** Enrols somebody by another photo than the camera will show. */
  async enrol(name: string, employeeId: string, photo: string, more: object = {}): Promise<void> {
    const input = { name, employeeId, officeId: this.office.id, imageBase64: base64Photo(photo), ...more };
    await this.ask(REGISTER, { input });
  }

  /** A code for a tablet at the office's door. */
  async pairingCode(): Promise<string> {
    const { createKioskPairing } = await this.ask<{ createKioskPairing: { code: string } }>(
      'mutation ($officeId: ID!) { createKioskPairing(officeId: $officeId) { code } }',
      { officeId: this.office.id },
    );
    return createKioskPairing.code;
  }

  /** Revokes the keys of all kiosks. */
  async revokeKiosks(): Promise<void> {
    const { apiKeys } = await this.ask<{ apiKeys: { id: string; role: string; revokedAt: string | null }[] }>(
      '{ apiKeys { id role revokedAt } }',
    );
    for (const { id, role, revokedAt } of apiKeys) {
      if (role !== 'KIOSK' || revokedAt !== null) continue;
      await this.ask('mutation ($id: ID!) { revokeApiKey(id: $id) { id } }', { id });
    }
  }

  /** All punches, oldest first. */
  async punches(): Promise<StoredPunch[]> {
    type Node = Omit<StoredPunch, 'employeeId'> & { readonly employee: { readonly employeeId: string } };
    const { attendances } = await this.ask<{ attendances: { nodes: Node[] } }>(PUNCHES);
    return attendances.nodes.reverse().map(({ employee, ...rest }) => ({ ...rest, ...employee }));
  }
}

async function ask<T>(
  service: TestService,
  query: string,
  variables: Readonly<Record<string, unknown>>,
): Promise<T> {
  const headers = { authorization: `Bearer ${ADMIN_KEY}` };
  const { data, errors } = await new ApiClient(service.url).send<T>(query, variables, headers);
  if (errors !== undefined || data == null) throw new Error(JSON.stringify(errors));
  return data;
}
