/** Real: the service over HTTP, the database, the disk, the service's models, Cloudinary's SDK. Stand-in: Cloudinary. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CloudinaryStandIn } from '../support/cloudinary-stand-in';
import { footprint } from '../support/hostile';
import { check, REGISTER } from '../support/operations';
import { base64Photo, photo } from '../support/photos';
import { TestService } from '../support/service';

const HOPPERS = ['grace-hopper', 'grace-hopper-2', 'grace-hopper-3'];
const base64 = (names: readonly string[]): string[] => names.map((name) => base64Photo(`${name}.jpg`));
const person = { name: 'Grace Hopper', employeeId: 'EMP-1' };
const ENROL = (mutation: string): string => `mutation ($input: FaceTemplateInput!) {
  ${mutation}(input: $input) { template { id } templates { id modelId } employee { faceTemplates { id } } }
}`;
const [ADD, REPLACE] = [ENROL('addFaceTemplate'), ENROL('replaceFace')];

interface Enrolled {
  readonly template: { readonly id: string };
  readonly templates: readonly { readonly id: string; readonly modelId: string }[];
  readonly employee: { readonly faceTemplates: readonly { readonly id: string }[] };
}

describe('several photos', () => {
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
    await service.ask(REGISTER, { input: { ...person, imagesBase64: base64(HOPPERS) } });
  });
  afterAll(async () => {
    await service.stop();
    await cdn.stop();
  });

  const enrol = async (mutation: string, input: object): Promise<Enrolled> =>
    Object.values(
      await service.ask<Record<string, Enrolled>>(mutation, { input: { employeeId: 'EMP-1', ...input } }),
    )[0] as Enrolled;

  it('become a template each, with their photos on disk and on the CDN', async () => {
    const { employee } = await service.ask<{ employee: Enrolled['employee'] }>(
      '{ employee(employeeId: "EMP-1") { faceTemplates { id modelId source } } }',
    );
    expect(employee.faceTemplates).toEqual(
      HOPPERS.map(
        () => expect.objectContaining({ modelId: 'mobilefacenet-512', source: 'SERVER' }) as unknown,
      ),
    );
    for (const { id } of employee.faceTemplates.slice(1)) {
      const file = join(service.storage.dataDir, 'media', 'face_images', 'templates', `${id}.jpg`);
      expect(existsSync(file)).toBe(true);
    }
    expect(cdn.assets.size).toBe(HOPPERS.length);
  });

  it('recognise the person by their mean, also one to one', async () => {
    const [first] = base64(HOPPERS);
    const byMean = await check(service, { imageBase64: first, faceDescriptor: undefined });
    const byOne = await check(service, {
      employeeId: 'EMP-1',
      imageBase64: first,
      faceDescriptor: undefined,
    });
    expect(byMean).toMatchObject({ status: 'RECORDED' });
    expect(byOne.similarity).toBe(byMean.similarity);
    // Told with two decimals, rounded down; what is kept is exact.
    const [mean, one] = (
      await service.sql<{ similarity: number }>('SELECT similarity FROM attendances ORDER BY sequence')
    ).map(({ similarity }) => similarity);
    expect(one).toBeCloseTo(mean as number, 6);
    expect(mean).toBeLessThan(0.9999);
    expect(mean).toBeGreaterThan(0.9);
  });

  it('are refused by number if one shows somebody else', async () => {
    const before = await footprint(service);
    const imagesBase64 = base64(['eileen-collins', 'grace-hopper', 'eileen-collins-2']);
    const { message, extensions } = await service.fault(REGISTER, {
      input: { name: 'Eileen Collins', employeeId: 'EMP-2', imagesBase64 },
    });
    expect(message).toMatch(/imagesBase64\[1\]: photo 2 does not match the others/);
    const two = imagesBase64.slice(0, 2);
    const fault = await service.fault(REGISTER, {
      input: { name: 'Eileen Collins', employeeId: 'EMP-2', imagesBase64: two },
    });
    expect(fault.message).toMatch(/photos 1 and 2 show different people/);
    expect(extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'imagesBase64[1]', photo: 2 });
    expect(await footprint(service)).toEqual(before);
  });

  it('are refused by number if one shows no face', async () => {
    const imagesBase64 = base64(['eileen-collins', 'no-face']);
    const { extensions } = await service.fault(REGISTER, {
      input: { name: 'Eileen Collins', employeeId: 'EMP-2', imagesBase64 },
    });
    expect(extensions).toMatchObject({ field: 'imagesBase64[1]', photo: 2, reason: 'NO_FACE' });
  });

  it('are at most five, and come in one form, without a descriptor', async () => {
    const input = { name: 'Eileen Collins', employeeId: 'EMP-2' };
    const six = base64(Array<string>(6).fill('eileen-collins'));
    for (const [more, says] of [
      [{ imagesBase64: six }, /imagesBase64: must be 1 to 5 photos, not 6/],
      [{ imagesBase64: [] }, /imagesBase64: must be 1 to 5 photos, not 0/],
      [{ imagesBase64: six.slice(1), imageBase64: six[0] }, /exactly one of .* not both/],
      [{}, /exactly one of .* not none/],
      [
        { imagesBase64: six.slice(1), faceDescriptor: Array(128).fill(0.1) },
        /faceDescriptor: only allowed with one photo/,
      ],
    ] as const) {
      const { message, extensions } = await service.fault(REGISTER, { input: { ...input, ...more } });
      expect(message).toMatch(says);
      expect(extensions.code).toBe('BAD_USER_INPUT');
    }
  });

  it('are all looked at, however short the queue of the face engine is', async () => {
    const other = await TestService.start({ env: { FACE_QUEUE_LIMIT: '1' } });
    try {
      const five = base64([...HOPPERS, 'grace-hopper', 'grace-hopper-2']);
      await other.ask(REGISTER, { input: { ...person, imagesBase64: five } });
    } finally {
      await other.stop();
    }
  });

  it('of somebody enrolled with a descriptor of another model and no usable photo cannot be compared, and are refused', async () => {
    const other = await TestService.start({ env: { FACE_MODEL_ID: 'arcface-128' } });
    try {
      await other.ask(REGISTER, {
        input: { ...person, imageBase64: base64(['no-face'])[0], faceDescriptor: Array(128).fill(0.1) },
      });
      const { message, extensions } = await other.fault(ADD, {
        input: { employeeId: 'EMP-1', imagesBase64: base64(['eileen-collins']) },
      });
      expect(message).toMatch(/cannot be compared with the employee's templates.*replaceFace/);
      expect(extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'imagesBase64[0]' });
    } finally {
      await other.stop();
    }
  });

  it('come as uploads too, in whatever order the files are sent', async () => {
    const body = new FormData();
    const input = { name: 'Eileen Collins', employeeId: 'EMP-3', images: [null, null] };
    body.set('operations', JSON.stringify({ query: REGISTER, variables: { input } }));
    body.set('map', JSON.stringify({ a: ['variables.input.images.1'], b: ['variables.input.images.0'] }));
    for (const [name, file] of [
      ['a', 'eileen-collins-2.jpg'],
      ['b', 'eileen-collins.jpg'],
    ] as const) {
      body.set(name, new Blob([new Uint8Array(photo(file))], { type: 'image/jpeg' }), file);
    }
    const answer = await fetch(`${service.url}/graphql`, {
      method: 'POST',
      headers: { 'apollo-require-preflight': 'true' },
      body,
    });
    expect(await answer.json()).toMatchObject({
      data: { registerEmployee: { employee: { employeeId: 'EMP-3' } } },
    });
    const stored = await fetch(`${service.url}/media/face_images/EMP-3.jpg`);
    expect(Buffer.from(await stored.arrayBuffer()).equals(photo('eileen-collins.jpg'))).toBe(true);
  });

  it('are added and replaced, ten at the most', async () => {
    const added = await enrol(ADD, { imagesBase64: base64(HOPPERS) });
    expect(added.templates).toHaveLength(3);
    expect(added.template.id).toBe(added.templates[0]?.id);
    expect(added.employee.faceTemplates).toHaveLength(6);
    const five = base64([...HOPPERS, 'grace-hopper', 'grace-hopper-2']);
    const { extensions } = await service.fault(ADD, { input: { employeeId: 'EMP-1', imagesBase64: five } });
    expect(extensions.code).toBe('CONFLICT');

    const replaced = await enrol(REPLACE, { imagesBase64: base64(HOPPERS.slice(1)) });
    expect(replaced.employee.faceTemplates.map(({ id }) => id)).toEqual(
      replaced.templates.map(({ id }) => id),
    );
    const first = base64(HOPPERS)[0];
    expect(await check(service, { imageBase64: first, faceDescriptor: undefined })).toMatchObject({
      status: 'RECORDED',
      attendance: { employee: { employeeId: 'EMP-1' } },
    });
  });
});
