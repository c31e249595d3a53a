/** Real: the service over HTTP, the database, the service's model on real photos. Fake: nothing. */
import {
  check,
  CHECK,
  collins,
  hopper,
  hopperAgain,
  punchCount,
  register,
  REGISTER,
} from '../support/operations';
import { base64Photo, descriptor, strangerDescriptor } from '../support/photos';
import { TestService } from '../support/service';

const photoOf = (name: string) => ({ imageBase64: base64Photo(`${name}.jpg`), faceDescriptor: undefined });
const TEMPLATES = `query ($id: String!) {
  employee(employeeId: $id) { faceTemplates { id source modelId } }
}`;

async function templatesOf(service: TestService, id: string) {
  const { employee } = await service.ask<{
    employee: { faceTemplates: { source: string; modelId: string }[] };
  }>(TEMPLATES, { id });
  return employee.faceTemplates.map(({ source, modelId }) => ({ source, modelId }));
}

describe('descriptors from the photo', () => {
  let service: TestService;

  beforeAll(async () => {
    service = await TestService.start({ env: { PUNCH_MIN_INTERVAL_SECONDS: '0' } });
    await register(service, photoOf('grace-hopper'));
    await register(service, { name: 'Eileen Collins', employeeId: 'EMP-2', ...photoOf('eileen-collins') });
  });
  afterAll(() => service.stop());

  it('enrol and recognise people by nothing but their photos', async () => {
    for (const name of ['grace-hopper-2', 'grace-hopper-3']) {
      const answer = await check(service, photoOf(name));
      expect(answer).toMatchObject({ status: 'RECORDED', attendance: { employee: { employeeId: 'EMP-1' } } });
      expect(answer).toMatchObject({ similarityOf: 'SERVER' });
      expect(answer.similarity).toBeGreaterThan(0.8);
    }
    expect(await check(service, photoOf('eileen-collins-2'))).toMatchObject({
      status: 'RECORDED',
      attendance: { employee: { employeeId: 'EMP-2' } },
    });
  });

  it("refuse another person's photo for a claimed employee", async () => {
    const before = await punchCount(service);
    expect(await check(service, { employeeId: 'EMP-1', ...photoOf('eileen-collins-2') })).toMatchObject({
      status: 'FACE_MISMATCH',
      threshold: 0.43,
      similarityOf: 'SERVER',
    });
    expect(await punchCount(service)).toBe(before);
  });

  it('are marked as the service’s own, of a model of their own', async () => {
    expect(await templatesOf(service, 'EMP-1')).toEqual([{ source: 'SERVER', modelId: 'mobilefacenet-512' }]);
  });

  it('say with the punch who computed what decided', async () => {
    const PROOF = `query { attendances(filter: { employeeId: "EMP-3" }) {
      nodes { proof { descriptorSource challenge liveness } } } }`;
    const own = { employeeId: 'EMP-3', faceDescriptor: strangerDescriptor(3) };
    // A descriptor that is sent decides here, whatever the photo shows: two people may have the same one.
    await register(service, { name: 'Grace Again', ...own });
    await check(service, own);
    await check(service, { employeeId: 'EMP-3', ...photoOf('grace-hopper-2') });
    const { attendances } = await service.ask<{ attendances: { nodes: { proof: unknown }[] } }>(PROOF);
    expect(attendances.nodes.map(({ proof }) => proof)).toEqual([
      { descriptorSource: 'SERVER', challenge: false, liveness: false },
      { descriptorSource: 'CLIENT', challenge: false, liveness: false },
    ]);
  });

  it('decide if a descriptor is sent for somebody who was enrolled by photo', async () => {
    expect(await check(service, { employeeId: 'EMP-2', ...collins })).toMatchObject({
      status: 'RECORDED',
      similarityOf: 'SERVER',
    });
    const swapped = { imageBase64: hopper.imageBase64, faceDescriptor: collins.faceDescriptor };
    expect(await check(service, { employeeId: 'EMP-2', ...swapped })).toMatchObject({
      status: 'FACE_MISMATCH',
    });
  });

  it('are computed besides a client’s, so that the photo alone is enough later', async () => {
    const other = await TestService.start({ env: { PUNCH_MIN_INTERVAL_SECONDS: '0' } });
    try {
      await register(other);
      expect(await templatesOf(other, 'EMP-1')).toEqual([{ source: 'CLIENT', modelId: 'dlib-resnet-128' }]);
      for (const input of [{}, { employeeId: 'EMP-1' }]) {
        expect(await check(other, { ...photoOf('grace-hopper-2'), ...input })).toMatchObject({
          status: 'RECORDED',
          similarityOf: 'SERVER',
          attendance: { employee: { employeeId: 'EMP-1' } },
        });
      }
      expect(await check(other, hopperAgain)).toMatchObject({ similarityOf: 'CLIENT_DESCRIPTOR' });
    } finally {
      await other.stop();
    }
  });

  it('are measured by either model', async () => {
    const REPORT =
      'query ($modelId: String) { matchingReport(modelId: $modelId) { modelId employees templates } }';
    for (const [modelId, employees] of [
      ['dlib-resnet-128', 1],
      ['mobilefacenet-512', 3],
    ] as const) {
      expect(await service.ask(REPORT, { modelId })).toEqual({
        matchingReport: { modelId, employees, templates: employees },
      });
    }
    const { extensions } = await service.fault(REPORT, { modelId: 'x y' });
    expect(extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'modelId' });
  });

  it('refuse a face that is enrolled for somebody else', async () => {
    const { message, extensions } = await service.fault(REGISTER, {
      input: { name: 'Somebody', employeeId: 'EMP-9', ...photoOf('eileen-collins-3') },
    });
    expect(extensions).toMatchObject({ code: 'FACE_ALREADY_ENROLLED', employeeId: 'EMP-2', field: 'image' });
    expect(message).toContain('Eileen Collins');
  });
});

describe('FACE_DESCRIPTOR_TRUST=server', () => {
  it("does not look at the client's descriptor", async () => {
    const env = { PUNCH_MIN_INTERVAL_SECONDS: '0', FACE_DESCRIPTOR_TRUST: 'server', FACE_WARM_START: 'true' };
    const service = await TestService.start({ env });
    try {
      await register(service, { faceDescriptor: strangerDescriptor(1) });
      expect(await check(service, { faceDescriptor: descriptor('eileen-collins') })).toMatchObject({
        status: 'RECORDED',
      });
      // The stolen vector is worth nothing beside another face.
      expect(
        await check(service, { imageBase64: collins.imageBase64, faceDescriptor: hopper.faceDescriptor }),
      ).toMatchObject({ status: 'FACE_NOT_RECOGNIZED' });
      // Nor does a broken one matter.
      expect(await check(service, { faceDescriptor: [1, 2, 3] })).toMatchObject({ status: 'RECORDED' });
    } finally {
      await service.stop();
    }
  });
});

describe('FACE_WORKERS=0', () => {
  it('asks for a descriptor, since the server computes none', async () => {
    const service = await TestService.start({ env: { FACE_WORKERS: '0' } });
    try {
      await register(service);
      expect(await check(service)).toMatchObject({ status: 'RECORDED' });
      for (const query of [CHECK, REGISTER]) {
        const { message, extensions } = await service.fault(query, {
          input: {
            imageBase64: hopper.imageBase64,
            ...(query === REGISTER ? { name: 'X', employeeId: 'X' } : {}),
          },
        });
        expect(message).toContain('required: this server does not compute descriptors');
        expect(extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'faceDescriptor' });
      }
      const challenge = await service.fault(
        'mutation { createChallenge(input: { liveness: true }) { token } }',
      );
      expect(challenge.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'liveness' });
    } finally {
      await service.stop();
    }
  });
});
