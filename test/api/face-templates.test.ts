/** Real: the service over HTTP, the database, the disk, Cloudinary's SDK, real photos. Stand-in: Cloudinary. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CloudinaryStandIn } from '../support/cloudinary-stand-in';
import { check, collins, hopper, hopperAgain, register, REGISTER } from '../support/operations';
import { base64Photo, descriptor, near } from '../support/photos';
import { TestService } from '../support/service';
import { until } from '../support/until';

const ENROL = (mutation: string): string => `mutation ($input: FaceTemplateInput!) {
  ${mutation}(input: $input) {
    template { id createdAt source modelId duplicateAllowed }
    employee { employeeId imageUrl faceImageUrl faceTemplates { id } }
  }
}`;
const ADD = ENROL('addFaceTemplate');
const REPLACE = ENROL('replaceFace');
const REMOVE = 'mutation ($id: ID!) { removeFaceTemplate(templateId: $id) { faceTemplates { id } } }';
const TEMPLATES = '{ employee(employeeId: "EMP-1") { faceImageUrl faceTemplates { id source modelId } } }';

interface Enrolled {
  readonly template: { readonly id: string };
  readonly employee: {
    readonly faceImageUrl: string;
    readonly faceTemplates: readonly { readonly id: string }[];
  };
}

const hard = {
  imageBase64: base64Photo('grace-hopper-hard.jpg'),
  faceDescriptor: descriptor('grace-hopper-hard'),
};
describe('face templates', () => {
  let cdn: CloudinaryStandIn;
  let service: TestService;

  beforeAll(async () => {
    cdn = await CloudinaryStandIn.start();
    service = await TestService.start({
      env: {
        PUNCH_MIN_INTERVAL_SECONDS: '0',
        CLOUDINARY_CLOUD_NAME: cdn.cloudName,
        CLOUDINARY_API_KEY: cdn.apiKey,
        CLOUDINARY_API_SECRET: cdn.apiSecret,
        CLOUDINARY_UPLOAD_PREFIX: cdn.url,
      },
    });
  });
  beforeEach(async () => {
    await service.reset();
    cdn.reset();
    await register(service);
  });
  afterAll(async () => {
    await service.stop();
    await cdn.stop();
  });

  const add = (input = {}): Promise<Enrolled> =>
    service
      .ask<{ addFaceTemplate: Enrolled }>(ADD, { input: { employeeId: 'emp-1', ...hard, ...input } })
      .then((answer) => answer.addFaceTemplate);
  const onDisk = (url: string): boolean =>
    existsSync(join(service.storage.dataDir, decodeURIComponent(new URL(url).pathname)));

  it('are several for one person, and a check compares with the best', async () => {
    const probe = { faceDescriptor: near(hard.faceDescriptor, 0.97, 3), imageBase64: hard.imageBase64 };
    expect(await check(service, { employeeId: 'EMP-1', ...probe })).toMatchObject({
      status: 'FACE_MISMATCH',
    });
    const { template, employee } = await add();
    expect(template).toMatchObject({ source: 'CLIENT', modelId: 'dlib-resnet-128', duplicateAllowed: false });
    expect(employee.faceTemplates).toHaveLength(2);
    const answer = await check(service, { employeeId: 'EMP-1', ...probe });
    expect(answer.status).toBe('RECORDED');
    expect(answer.similarity).toBeCloseTo(0.97, 6);
    expect((await check(service)).attendance?.employee.employeeId).toBe('EMP-1');
    expect(onDisk(`http://x/media/face_images/templates/${template.id}.jpg`)).toBe(true);
    expect(cdn.assets.has(`rollcall/face_images/${template.id}`)).toBe(true);
  });

  it('must agree with the others, unless replaceFace says otherwise', async () => {
    const stranger = {
      faceDescriptor: near(hopper.faceDescriptor, 0.89, 5),
      imageBase64: collins.imageBase64,
    };
    const { faceTemplates } = (
      await service.ask<{ employee: { faceTemplates: { id: string }[] } }>(TEMPLATES)
    ).employee;
    const fault = await service.fault(ADD, { input: { employeeId: 'EMP-1', ...stranger } });
    expect(fault).toMatchObject({ extensions: { code: 'BAD_USER_INPUT', field: 'faceDescriptor' } });
    expect(fault.message).toContain('0.89,');
    expect(readdirSync(join(service.storage.dataDir, 'media/face_images/templates'))).toEqual([]);
    const { replaceFace } = await service.ask<{ replaceFace: Enrolled }>(REPLACE, {
      input: { employeeId: 'EMP-1', ...stranger },
    });
    expect(replaceFace.employee.faceTemplates.map(({ id }) => id)).toEqual([replaceFace.template.id]);
    expect(faceTemplates.map(({ id }) => id)).not.toContain(replaceFace.template.id);
    // The face before matches no more, the new one does, and the photos followed.
    expect(await check(service)).toMatchObject({ status: 'FACE_NOT_RECOGNIZED' });
    expect(await check(service, stranger)).toMatchObject({ status: 'RECORDED' });
    expect(onDisk(replaceFace.employee.faceImageUrl)).toBe(true);
    await until(() => !onDisk(`${service.url}/media/face_images/EMP-1.jpg`));
    await until(() => [...cdn.assets.keys()].filter((id) => id.includes('/face_images/')).length === 1);
    expect(cdn.assets.has(`rollcall/face_images/${replaceFace.template.id}`)).toBe(true);
  });

  it('match no more once their removal was answered, and leave no photo on disk or CDN', async () => {
    const { template } = await add();
    const url = `${service.url}/media/face_images/templates/${template.id}.jpg`;
    expect(onDisk(url)).toBe(true);
    const { removeFaceTemplate } = await service.ask<{ removeFaceTemplate: { faceTemplates: unknown[] } }>(
      REMOVE,
      {
        id: template.id,
      },
    );
    expect(removeFaceTemplate.faceTemplates).toHaveLength(1);
    expect(await check(service, { employeeId: 'EMP-1', ...hard })).toMatchObject({ status: 'FACE_MISMATCH' });
    await until(() => !onDisk(url) && !cdn.assets.has(`rollcall/face_images/${template.id}`));
  });

  it('of which the last one stays', async () => {
    const { employee } = await service.ask<{ employee: { faceTemplates: { id: string }[] } }>(TEMPLATES);
    const fault = await service.fault(REMOVE, { id: employee.faceTemplates[0]?.id });
    expect(fault.extensions.code).toBe('CONFLICT');
    for (const id of ['nonsense', '00000000-0000-7000-8000-000000000000']) {
      expect((await service.fault(REMOVE, { id })).extensions.code).toBe('NOT_FOUND');
    }
  });

  it('are at most 10', async () => {
    for (let i = 0; i < 9; i++) await add({ faceDescriptor: near(hopper.faceDescriptor, 0.96, 10 + i) });
    const input = { employeeId: 'EMP-1', ...hard };
    const fault = await service.fault(ADD, { input });
    expect(fault).toMatchObject({ extensions: { code: 'CONFLICT' } });
    expect(fault.message).toContain('10');
  });

  it('belong to somebody who is there', async () => {
    const fault = await service.fault(ADD, { input: { employeeId: 'NOBODY', ...hard } });
    expect(fault.extensions).toMatchObject({ code: 'NOT_FOUND', field: 'employeeId' });
  });

  it("of another's face are refused, also for somebody enrolled, with a way to go on", async () => {
    const again = { name: 'Grace Twice', employeeId: 'EMP-9', ...hopperAgain };
    const fault = await service.fault(REGISTER, { input: again });
    expect(fault.extensions).toMatchObject({ code: 'FACE_ALREADY_ENROLLED', employeeId: 'EMP-1' });
    expect(fault.message).toContain('Grace Hopper');
    expect(fault.message).toContain('allowDuplicateFace');
    expect(existsSync(join(service.storage.dataDir, 'media/face_images/EMP-9.jpg'))).toBe(false);
    expect(await service.ask('{ employee(employeeId: "EMP-9") { id } }')).toEqual({ employee: null });

    await register(service, { name: 'Eileen Collins', employeeId: 'EMP-2', ...collins });
    const replaced = await service.fault(REPLACE, { input: { employeeId: 'EMP-2', ...hopperAgain } });
    expect(replaced.extensions).toMatchObject({ code: 'FACE_ALREADY_ENROLLED', employeeId: 'EMP-1' });
    expect(await check(service, { employeeId: 'EMP-2', ...collins })).toMatchObject({ status: 'RECORDED' });

    const twin = await register(service, { ...again, allowDuplicateFace: true });
    expect(twin.employee.employeeId).toBe('EMP-9');
  });

  it('of one face that are enrolled at once do not both pass', async () => {
    const face = { imageBase64: collins.imageBase64, faceDescriptor: descriptor('eileen-collins') };
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, i) =>
        service.send(REGISTER, {
          input: { name: `Eileen ${i}`, employeeId: `RACE-${i}`, ...face },
        }),
      ),
    );
    expect(answers.filter(({ errors }) => errors === undefined)).toHaveLength(1);
    for (const { errors } of answers) {
      if (errors !== undefined) expect(errors[0]?.extensions.code).toBe('FACE_ALREADY_ENROLLED');
    }
  });
});

describe('another model of faces', () => {
  it('has its own dimension, and its templates are never compared with those of the first', async () => {
    const first = await TestService.start();
    await register(first);
    await first.app.close();
    const second = await TestService.start({
      storage: first.storage,
      env: { FACE_MODEL_ID: 'arcface-512', FACE_DESCRIPTOR_DIMENSION: '512' },
    });
    try {
      const vector = Array.from({ length: 512 }, (_, i) => Math.sin(i + 1));
      expect(await check(second, { faceDescriptor: vector })).toMatchObject({
        status: 'FACE_NOT_RECOGNIZED',
        similarity: null,
      });
      await register(second, { employeeId: 'EMP-2', faceDescriptor: vector });
      expect(await check(second, { faceDescriptor: vector })).toMatchObject({ status: 'RECORDED' });
      const fault = await second.fault(REGISTER, { input: { name: 'x', employeeId: 'E', ...hopper } });
      expect(fault.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'faceDescriptor' });
      expect(fault.message).toContain('512');
    } finally {
      await second.app.close();
      await first.storage.remove();
    }
  });
});

describe('identification within one office', () => {
  it('finds nobody of another one, and distinguishes twins of two offices', async () => {
    const service = await TestService.start({ env: { PUNCH_MIN_INTERVAL_SECONDS: '0' } });
    try {
      const office = async (name: string): Promise<string> =>
        (
          await service.ask<{ createOffice: { id: string } }>(
            'mutation ($input: CreateOfficeInput!) { createOffice(input: $input) { id } }',
            { input: { name } },
          )
        ).createOffice.id;
      const [north, south] = [await office('North'), await office('South')];
      await register(service, { employeeId: 'N', officeId: north });
      expect(await check(service, { officeId: south })).toMatchObject({
        status: 'FACE_NOT_RECOGNIZED',
        similarity: null,
      });
      await register(service, { employeeId: 'S', officeId: south, allowDuplicateFace: true });
      expect(await check(service)).toMatchObject({ status: 'FACE_NOT_RECOGNIZED' });
      expect((await check(service, { officeId: north })).attendance?.employee.employeeId).toBe('N');
      expect((await check(service, { officeId: south })).attendance?.employee.employeeId).toBe('S');
      await service.ask('mutation ($input: UpdateEmployeeInput!) { updateEmployee(input: $input) { id } }', {
        input: { employeeId: 'S', officeId: north },
      });
      expect(await check(service, { officeId: south })).toMatchObject({
        status: 'FACE_NOT_RECOGNIZED',
        similarity: null,
      });
      const fault = await service.fault(
        'mutation ($input: CheckAttendanceInput!) { checkAttendance(input: $input) { status } }',
        { input: { ...hopperAgain, officeId: 'nonsense' } },
      );
      expect(fault.extensions).toMatchObject({ code: 'NOT_FOUND', field: 'officeId' });
    } finally {
      await service.stop();
    }
  });
});
