import {
  ApiKeysDocument,
  CreateKioskPairingDocument,
  CreateOfficeDocument,
  RegisterDocument,
  RevokeApiKeyDocument,
  StoredPunchesDocument,
  type StoredPunchesQuery,
} from '../../generated/graphql';
import { type AnswerOf, ApiClient, type VariablesOf } from '../api-client';
import { createStorage, type TestStorage } from '../databases';
import { base64Photo } from '../photos';
import { type ServiceOptions, TestService } from '../service';
import { Network } from './network';

export const ADMIN_KEY = 'an-admin-key-for-the-tests';

interface TestOffice {
  readonly id: string;
  readonly name: string;
}

type Attendance = StoredPunchesQuery['attendances']['nodes'][number];
type StoredPunch = Omit<Attendance, 'employee'> & Attendance['employee'];

/** What an installation asks for by itself, past the browser: for a list of operations that the service accepts. */
export const INSTALLATION_OPERATIONS = [
  CreateOfficeDocument,
  RegisterDocument,
  CreateKioskPairingDocument,
  ApiKeysDocument,
  RevokeApiKeyDocument,
  StoredPunchesDocument,
].map(String);

/** A service with a key, an office in Berlin, and the network between it and the browser. */
export class Installation {
  private constructor(
    private running: TestService,
    readonly network: Network,
    readonly office: TestOffice,
    private readonly storage: TestStorage,
    private readonly options: Pick<ServiceOptions, 'env' | 'now'>,
  ) {}

  /** @param now the clock of the service */
  static async start(more: Readonly<Record<string, string>> = {}, now?: () => Date): Promise<Installation> {
    const storage = await createStorage();
    // Two checks of one person within a test are two punches.
    const env = {
      ADMIN_API_KEY: ADMIN_KEY,
      PUNCH_MIN_INTERVAL_SECONDS: '0',
      FACE_WARM_START: 'true',
      ...more,
    };
    const options = { env, ...(now === undefined ? {} : { now }) };
    const service = await TestService.start({ storage, ...options });
    const network = new Network(service.url);
    network.now = now ?? null;
    await network.up();
    const input = { name: 'Head office', timeZone: 'Europe/Berlin' };
    const { createOffice } = await ask(service, CreateOfficeDocument.toString(), { input });
    return new Installation(service, network, createOffice, storage, options);
  }

  /** With Grace Hopper, GH-1906, enrolled by one of her photos. */
  static async withGrace(): Promise<Installation> {
    const place = await Installation.start();
    await place.enrol('Grace Hopper', 'GH-1906', 'grace-hopper-2.jpg');
    return place;
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
    const { storage, options } = this;
    await this.running.stop();
    this.running = await TestService.start({ storage, ...options });
    this.network.upstream = this.running.url;
  }

  /** Asks as the administrator, past the network. */
  ask<T, O extends string = string>(query: O, variables?: VariablesOf<O>): Promise<AnswerOf<O, T>> {
    return ask<T, O>(this.running, query, variables);
  }

  /** Enrols somebody by another photo than the camera will show. */
  async enrol(name: string, employeeId: string, photo: string, more: object = {}): Promise<void> {
    const input = { name, employeeId, officeId: this.office.id, imageBase64: base64Photo(photo), ...more };
    await this.ask(RegisterDocument.toString(), { input });
  }

  /** A code for a tablet at the office's door. */
  async pairingCode(): Promise<string> {
    const document = CreateKioskPairingDocument.toString();
    return (await this.ask(document, { officeId: this.office.id })).createKioskPairing.code;
  }

  /** Revokes the keys of all kiosks. */
  async revokeKiosks(): Promise<void> {
    const { apiKeys } = await this.ask(ApiKeysDocument.toString());
    for (const { id, role, revokedAt } of apiKeys) {
      if (role !== 'KIOSK' || revokedAt !== null) continue;
      await this.ask(RevokeApiKeyDocument.toString(), { id });
    }
  }

  /** All punches, oldest first. */
  async punches(): Promise<StoredPunch[]> {
    const { attendances } = await this.ask(StoredPunchesDocument.toString());
    return attendances.nodes.toReversed().map(({ employee, ...rest }) => ({ ...rest, ...employee }));
  }
}

async function ask<T, O extends string = string>(
  service: TestService,
  query: O,
  variables?: VariablesOf<O>,
): Promise<AnswerOf<O, T>> {
  const headers = { authorization: `Bearer ${ADMIN_KEY}` };
  const { data, errors } = await new ApiClient(service.url).send<T, O>(query, variables, headers);
  if (errors !== undefined || data == null) throw new Error(JSON.stringify(errors));
  return data;
}
