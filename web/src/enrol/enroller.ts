import type { Api, Employee, FaceFault, Registration } from '../api';
import type { FaceReader } from '../face/face-reader';
import { ApiFault, isFault } from '../shared/faults';

/** Why the service did not take the photos, in the terms of the form. */
export type EnrolProblem =
  /** @param photo number of the photo from 0; null: it is not said which */
  | { readonly kind: 'photo'; readonly photo: number | null; readonly fault: FaceFault }
  | { readonly kind: 'duplicate'; readonly employeeId: string }
  | { readonly kind: 'taken' }
  | { readonly kind: 'other'; readonly message: string };

type Send = (photos: readonly Blob[], descriptor: string | null) => Promise<Employee>;

/** Sends faces the way the server wants them: several photos at once, or one by one with their descriptors. */
export class Enroller {
  private needsDescriptor = false;

  constructor(
    private readonly api: Api,
    private readonly faces: FaceReader,
  ) {}

  async register(person: Registration, photos: readonly Blob[]): Promise<Employee> {
    const { employeeId, allowDuplicateFace } = person;
    return await this.send(
      photos,
      (first, descriptor) => this.api.register(person, first, descriptor),
      (more, descriptor) => this.api.addFaces({ employeeId, allowDuplicateFace }, more, descriptor),
    );
  }

  async add(employeeId: string, allowDuplicateFace: boolean, photos: readonly Blob[]): Promise<Employee> {
    const add: Send = (some, descriptor) =>
      this.api.addFaces({ employeeId, allowDuplicateFace }, some, descriptor);
    return await this.send(photos, add, add);
  }

  async replace(employeeId: string, allowDuplicateFace: boolean, photos: readonly Blob[]): Promise<Employee> {
    return await this.send(
      photos,
      (first, descriptor) => this.api.replaceFaces({ employeeId, allowDuplicateFace }, first, descriptor),
      (more, descriptor) => this.api.addFaces({ employeeId, allowDuplicateFace }, more, descriptor),
    );
  }

  private async send(photos: readonly Blob[], first: Send, further: Send): Promise<Employee> {
    if (!this.needsDescriptor) {
      try {
        return await first(photos, null);
      } catch (error) {
        if (!(isFault(error, 'BAD_USER_INPUT') && error.details['field'] === 'faceDescriptor')) throw error;
        // This server computes none (FACE_WORKERS=0): the page does.
        this.needsDescriptor = true;
      }
    }
    // All before the first is sent: a photo without a face is not to be found out half-way.
    const described = await Promise.all(photos.map((photo, index) => this.describe(photo, index)));
    let employee: Employee | null = null;
    for (const { photo, descriptor } of described) {
      employee = await (employee === null ? first : further)([photo], descriptor);
    }
    if (employee === null) throw new Error('There is no photo');
    return employee;
  }

  private async describe(photo: Blob, index: number): Promise<{ photo: Blob; descriptor: string }> {
    const descriptor = await this.faces.describe(photo);
    if (descriptor !== null) return { photo, descriptor };
    throw new ApiFault('BAD_USER_INPUT', 'No face', { reason: 'NO_FACE', photo: index + 1 });
  }
}

/** What a fault means for the form. */
export function problemOf(error: unknown): EnrolProblem {
  if (!(error instanceof ApiFault)) return { kind: 'other', message: String(error) };
  const { reason, photo, employeeId, field } = error.details;
  if (typeof reason === 'string') {
    return { kind: 'photo', photo: typeof photo === 'number' ? photo - 1 : null, fault: reason as FaceFault };
  }
  if (error.code === 'FACE_ALREADY_ENROLLED') {
    return { kind: 'duplicate', employeeId: typeof employeeId === 'string' ? employeeId : '' };
  }
  if (error.code === 'CONFLICT' && field === 'employeeId') return { kind: 'taken' };
  return { kind: 'other', message: error.message };
}
