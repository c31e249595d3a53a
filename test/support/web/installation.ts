import { ApiClient, type GraphQLAnswer } from '../api-client';
import { CREATE_OFFICE, REGISTER } from '../operations';
import { base64Photo } from '../photos';
import { TestService } from '../service';
import { PlannedApi } from './planned-api';

export const ADMIN_KEY = 'an-admin-key-for-the-tests';

export interface TestOffice {
  readonly id: string;
  readonly name: string;
}

/** A service with a key, the planned parts of its API in front of it, and an office in Berlin. */
export class Installation {
  private constructor(
    readonly service: TestService,
    readonly api: PlannedApi,
    readonly office: TestOffice,
  ) {}

  static async start(env: Readonly<Record<string, string>> = {}): Promise<Installation> {
    const service = await TestService.start('pglite', {
      // Two checks of one person within a test are two punches.
      env: { ADMIN_API_KEY: ADMIN_KEY, PUNCH_MIN_INTERVAL_SECONDS: '0', FACE_WARM_START: 'true', ...env },
    });
    const api = new PlannedApi(service.url, ADMIN_KEY);
    await api.up();
    const input = { name: 'Head office', timeZone: 'Europe/Berlin' };
    const { createOffice } = await ask<{ createOffice: TestOffice }>(service, CREATE_OFFICE, { input });
    api.settings.office = createOffice;
    return new Installation(service, api, createOffice);
  }

  async stop(): Promise<void> {
    await this.api.down();
    await this.service.stop();
  }

  /** Asks as the administrator. */
  ask<T>(query: string, variables: Readonly<Record<string, unknown>> = {}): Promise<T> {
    return ask<T>(this.service, query, variables);
  }

  /** Enrols somebody by another photo than the camera will show. */
  async enrol(name: string, employeeId: string, photo: string, more: object = {}): Promise<void> {
    const input = { name, employeeId, officeId: this.office.id, imageBase64: base64Photo(photo), ...more };
    await this.ask(REGISTER, { input });
  }

  /** All punches, oldest first. */
  async punches(): Promise<{ employeeId: string; type: string; proof: { liveness: boolean } }[]> {
    interface Node {
      readonly type: string;
      readonly employee: { readonly employeeId: string };
      readonly proof: { readonly liveness: boolean };
    }
    const { attendances } = await this.ask<{ attendances: { nodes: Node[] } }>(
      '{ attendances(first: 200) { nodes { type employee { employeeId } proof { liveness } } } }',
    );
    return attendances.nodes.reverse().map(({ employee, ...rest }) => ({ ...rest, ...employee }));
  }
}

async function ask<T>(
  service: TestService,
  query: string,
  variables: Readonly<Record<string, unknown>>,
): Promise<T> {
  const headers = { authorization: `Bearer ${ADMIN_KEY}` };
  const answer: GraphQLAnswer<T> = await new ApiClient(service.url).send<T>(query, variables, headers);
  if (answer.errors !== undefined || answer.data == null) throw new Error(JSON.stringify(answer.errors));
  return answer.data;
}
