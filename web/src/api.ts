import * as operations from './operations';
import type * as Types from './shared/api-types';
import { subscribe, type Subscription } from './shared/subscription';
import { Transport, type Variables } from './shared/transport';

const withoutNulls = (values: Variables): Variables =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));

interface CheckAnswer extends Omit<Variables, 'status'> {
  readonly status: string;
}

/** Everything the pages ask of the service. Faults are ApiFaults; outcomes of a check are data. */
export class Api {
  private readonly transport: Transport;

  constructor(key: () => string | null) {
    this.transport = new Transport(key);
  }

  async redeemPairing(code: string): Promise<Types.KioskCredentials> {
    type Answer = { readonly redeemKioskPairing: Types.KioskCredentials };
    return (await this.transport.send<Answer>(operations.REDEEM, { code })).redeemKioskPairing;
  }

  async kioskSettings(): Promise<Types.KioskSettings> {
    type Answer = { readonly kioskSettings: Types.KioskSettings };
    return (await this.transport.send<Answer>(operations.SETTINGS)).kioskSettings;
  }

  async offices(): Promise<readonly Types.Office[]> {
    return (await this.transport.send<{ offices: readonly Types.Office[] }>(operations.OFFICES)).offices;
  }

  async check(check: Types.Check, photo: Blob, actions: readonly Blob[] = []): Promise<Types.CheckResult> {
    const { position, ...rest } = check;
    const files = new Map([['input.image', photo]]);
    actions.forEach((action, i) => files.set(`input.livenessImages.${i}`, action));
    const input = {
      ...withoutNulls({ ...rest, ...position }),
      image: null,
      ...(actions.length > 0 ? { livenessImages: actions.map(() => null) } : {}),
    };
    type Answer = { readonly checkAttendance: CheckAnswer };
    const { checkAttendance } = await this.transport.send<Answer>(operations.CHECK, { input }, files);
    const { challengeReason, livenessReason, ...result } = checkAttendance;
    const reason = challengeReason ?? livenessReason;
    return (reason === undefined ? result : { ...result, reason }) as unknown as Types.CheckResult;
  }

  async createChallenge(
    employeeId: string | null,
    officeId: string | null,
    liveness: boolean,
  ): Promise<Types.Challenge> {
    const input = withoutNulls({ employeeId, officeId, liveness });
    type Answer = { readonly createChallenge: Types.Challenge };
    return (await this.transport.send<Answer>(operations.CHALLENGE, { input })).createChallenge;
  }

  async employees(search: string, after: string | null, first = 50): Promise<Types.Page<Types.Employee>> {
    const filter = search === '' ? {} : { search };
    type Answer = { readonly employees: Types.Page<Types.Employee> };
    return (await this.transport.send<Answer>(operations.EMPLOYEES, { filter, first, after })).employees;
  }

  /** How many people can be recognised. */
  async enrolledCount(): Promise<number> {
    type Answer = { readonly employees: { readonly totalCount: number } };
    return (await this.transport.send<Answer>(operations.ENROLLED_COUNT)).employees.totalCount;
  }

  async employee(employeeId: string): Promise<Types.Employee | null> {
    type Answer = { readonly employee: Types.Employee | null };
    return (await this.transport.send<Answer>(operations.EMPLOYEE_BY_ID, { employeeId })).employee;
  }

  async register(
    { consent, officeId, ...rest }: Types.Registration,
    photos: readonly Blob[],
    descriptor: string | null,
  ): Promise<Types.Employee> {
    const input = { ...rest, ...withoutNulls({ officeId }), consent: await consentTo(consent) };
    type Answer = { readonly registerEmployee: { readonly employee: Types.Employee } };
    const answer = await this.sendFaces<Answer>(operations.REGISTER, input, photos, descriptor);
    return answer.registerEmployee.employee;
  }

  async addFaces(
    input: { readonly employeeId: string; readonly allowDuplicateFace: boolean },
    photos: readonly Blob[],
    descriptor: string | null,
  ): Promise<Types.Employee> {
    type Answer = { readonly addFaceTemplate: { readonly employee: Types.Employee } };
    return (await this.sendFaces<Answer>(operations.ADD_FACES, input, photos, descriptor)).addFaceTemplate
      .employee;
  }

  async replaceFaces(
    input: { readonly employeeId: string; readonly allowDuplicateFace: boolean },
    photos: readonly Blob[],
    descriptor: string | null,
  ): Promise<Types.Employee> {
    type Answer = { readonly replaceFace: { readonly employee: Types.Employee } };
    return (await this.sendFaces<Answer>(operations.REPLACE_FACES, input, photos, descriptor)).replaceFace
      .employee;
  }

  async deactivate(employeeId: string): Promise<Types.Employee> {
    type Answer = { readonly deactivateEmployee: Types.Employee };
    return (await this.transport.send<Answer>(operations.DEACTIVATE, { employeeId })).deactivateEmployee;
  }

  async reactivate(employeeId: string): Promise<Types.Employee> {
    type Answer = { readonly reactivateEmployee: Types.Employee };
    return (await this.transport.send<Answer>(operations.REACTIVATE, { employeeId })).reactivateEmployee;
  }

  async punches(
    filter: { readonly officeId?: string; readonly from?: string },
    after: string | null,
    first = 200,
  ): Promise<Types.Page<Types.Punch>> {
    type Answer = { readonly attendances: Types.Page<Types.Punch> };
    return (await this.transport.send<Answer>(operations.PUNCHES, { filter, first, after })).attendances;
  }

  /** Punches as they are recorded, until the signal; the promise ends when the stream does. */
  recorded(officeId: string | null, signal: AbortSignal, on: Subscription<Types.Punch>): Promise<void> {
    type Event = { readonly attendanceRecorded: Types.Punch };
    const body = { query: operations.RECORDED, variables: withoutNulls({ officeId }) };
    return subscribe<Event>(body, this.transport.authorization(), signal, {
      open: on.open,
      next: ({ attendanceRecorded }) => on.next(attendanceRecorded),
    });
  }

  /** A photo of this service, which wants the key: an <img> could not send it. */
  async photo(address: string): Promise<Blob> {
    const { pathname, search } = new URL(address, location.origin);
    const response = await fetch(pathname + search, {
      headers: this.transport.authorization(),
      credentials: 'omit',
    });
    if (!response.ok) throw new Error(`The photo was answered with ${response.status}`);
    return await response.blob();
  }

  private sendFaces<T>(
    query: string,
    input: Variables,
    photos: readonly Blob[],
    descriptor: string | null,
  ): Promise<T> {
    const [only] = photos;
    if (descriptor !== null && only !== undefined) {
      const variables = { input: { ...input, image: null, faceDescriptor: descriptor } };
      return this.transport.send<T>(query, variables, new Map([['input.image', only]]));
    }
    const files = new Map(photos.map((photo, i) => [`input.images.${i}`, photo]));
    return this.transport.send<T>(query, { input: { ...input, images: photos.map(() => null) } }, files);
  }
}

/** Names the text that was agreed to by its digest, so that it can be told later which one it was. */
async function consentTo(text: string) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  const version = Array.from(digest.slice(0, 12), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return { version: `desk ${version}`, givenAt: new Date().toISOString(), recordedBy: 'Enrolment desk' };
}
