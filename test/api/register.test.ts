/** Real: the service over HTTP, the database, the disk, a disk that is full. Fake: Cloudinary, a stand-in on loopback. */
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudinaryStandIn } from '../support/cloudinary-stand-in';
import { fillDisk } from '../support/full-disk';
import { check, collins, hopper, REGISTER, register, type RegisterAnswer } from '../support/operations';
import { base64Photo, descriptor, photo, strangerDescriptor } from '../support/photos';
import { type GraphQLAnswer, TestService } from '../support/service';
import { cloudinaryEnv } from '../support/uploads';

describe('registerEmployee', () => {
  let service: TestService;
  let standIn: CloudinaryStandIn;

  beforeAll(async () => {
    standIn = await CloudinaryStandIn.start();
    service = await TestService.start({ env: cloudinaryEnv(standIn) });
  });
  beforeEach(async () => {
    await service.reset();
    standIn.reset();
  });
  afterAll(async () => {
    await service.stop();
    await standIn.stop();
  });

  const media = (...path: string[]): string => join(service.storage.dataDir, 'media', ...path);
  const files = (): string[] =>
    ['media', 'incoming'].flatMap((folder) =>
      readdirSync(join(service.storage.dataDir, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => entry.name),
    );
  const employeeIds = async (): Promise<string[]> => {
    const { employees } = await service.ask<{ employees: { nodes: { employeeId: string }[] } }>(
      '{ employees { nodes { employeeId } } }',
    );
    return employees.nodes.map(({ employeeId }) => employeeId);
  };

  it('answers as the contract says, and keeps the photo byte for byte under the employeeId', async () => {
    const { createOffice: office } = await service.ask<{ createOffice: { id: string } }>(
      'mutation { createOffice(input: { name: "Arlington" }) { id } }',
    );
    const before = Date.now();
    const answer = await register(service, { employeeId: 'EMP-1', officeId: office.id });
    const after = Date.now();
    const file = photo('grace-hopper.jpg');
    const asset = standIn.assets.get(`rollcall/face_images/${answer.employee.id}`);
    expect(answer).toEqual({
      message: 'Employee registered successfully!',
      cloudinaryUrl: asset?.secureUrl,
      faceDetectionStatus: 'WORKING',
      employee: {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
        name: 'Grace Hopper',
        employeeId: 'EMP-1',
        faceImageUrl: `${service.url}/media/face_images/EMP-1.jpg`,
        cloudinaryFaceImageUrl: asset?.secureUrl,
        imageUrl: asset?.secureUrl,
        thumbnailUrl: expect.stringContaining('c_thumb,g_face') as string,
        officeName: 'Arlington',
        office,
        createdAt: expect.any(String) as string,
      },
    });
    expect(Date.parse(answer.employee.createdAt)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(answer.employee.createdAt)).toBeLessThanOrEqual(after);
    expect(readFileSync(media('face_images', 'EMP-1.jpg'))).toEqual(file);
    expect(asset).toMatchObject({ uploads: 1, bytes: file });
    const served = await fetch(answer.employee.faceImageUrl);
    expect(Buffer.from(await served.arrayBuffer())).toEqual(file);
    expect(served.headers.get('content-type')).toBe('image/jpeg');
    expect(files()).toEqual(['EMP-1.jpg']);
  });

  it('takes the photo as a multipart upload, too', async () => {
    const file = photo('eileen-collins.jpg');
    const form = new FormData();
    const input = {
      name: 'Eileen Collins',
      employeeId: 'EMP-2',
      faceDescriptor: descriptor('eileen-collins'),
    };
    form.set(
      'operations',
      JSON.stringify({ query: REGISTER, variables: { input: { ...input, image: null } } }),
    );
    form.set('map', JSON.stringify({ photo: ['variables.input.image'] }));
    form.set('photo', new Blob([Uint8Array.from(file)], { type: 'image/jpeg' }), 'whatever.png');
    const response = await fetch(`${service.url}/graphql`, {
      method: 'POST',
      headers: { 'apollo-require-preflight': 'true' },
      body: form,
    });
    const { data } = (await response.json()) as GraphQLAnswer<{ registerEmployee: RegisterAnswer }>;
    expect(data?.registerEmployee).toMatchObject({
      message: 'Employee registered successfully!',
      employee: { employeeId: 'EMP-2', name: 'Eileen Collins' },
    });
    expect(readFileSync(media('face_images', 'EMP-2.jpg'))).toEqual(file);
    expect(await check(service, collins)).toMatchObject({ status: 'RECORDED' });
  });

  it('refuses an employeeId that is taken in any case, and leaves nothing behind', async () => {
    await register(service, { employeeId: 'EMP-1' });
    for (const employeeId of ['EMP-1', 'emp-1', 'Emp-1']) {
      const fault = await service.fault(REGISTER, { input: { ...collins, name: 'Eileen', employeeId } });
      expect(fault.extensions).toMatchObject({ code: 'CONFLICT', field: 'employeeId' });
    }
    expect(await employeeIds()).toEqual(['EMP-1']);
    expect(files()).toEqual(['EMP-1.jpg']);
    expect(readFileSync(media('face_images', 'EMP-1.jpg'))).toEqual(photo('grace-hopper.jpg'));
    expect(standIn.assets.size).toBe(1);
    expect(await check(service, collins)).toMatchObject({ status: 'FACE_NOT_RECOGNIZED' });
  });

  it('lets one of ten racing registrations of an employeeId win, with its own photo and face', async () => {
    const photos = [
      'grace-hopper.jpg',
      'grace-hopper-2.jpg',
      'eileen-collins.jpg',
      'eileen-collins-2.jpg',
      'sample.jpg',
    ];
    const photoOf = (n: number): string => photos[n % photos.length] as string;
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        service.send<{ registerEmployee: RegisterAnswer }>(REGISTER, {
          input: {
            name: `Racer ${n}`,
            employeeId: n % 2 === 0 ? 'RACE' : 'race',
            imageBase64: base64Photo(photoOf(n)),
            faceDescriptor: strangerDescriptor(n),
          },
        }),
      ),
    );
    const winners = answers.flatMap(({ data }, n) => (data == null ? [] : [n]));
    expect(winners).toHaveLength(1);
    expect(answers.flatMap(({ errors }) => (errors ?? []).map(({ extensions }) => extensions.code))).toEqual(
      Array(9).fill('CONFLICT'),
    );
    const winner = winners[0] as number;
    const [employeeId] = await employeeIds();
    expect(files()).toEqual([`${employeeId}.jpg`]);
    expect(readFileSync(media('face_images', `${employeeId}.jpg`))).toEqual(photo(photoOf(winner)));
    expect([...standIn.assets.values()]).toMatchObject([{ uploads: 1, bytes: photo(photoOf(winner)) }]);
    for (let n = 0; n < 10; n += 1) {
      const { status } = await check(service, { faceDescriptor: strangerDescriptor(n) });
      expect(status === 'FACE_NOT_RECOGNIZED').toBe(n !== winner);
    }
  });

  it('answers NOT_FOUND for an office that nobody made, and leaves nothing behind', async () => {
    for (const officeId of ['00000000-0000-7000-8000-000000000000', 'no uuid']) {
      const fault = await service.fault(REGISTER, {
        input: { ...hopper, name: 'Grace', employeeId: 'EMP-1', officeId },
      });
      expect(fault.extensions.code).toBe('NOT_FOUND');
      expect(fault.message).toContain('officeId');
    }
    expect(await employeeIds()).toEqual([]);
    expect(files()).toEqual([]);
    expect(standIn.requests).toBe(0);
  });

  it('answers UNAVAILABLE on a full disk and writes no row, and registers once there is space', async () => {
    await register(service, { employeeId: 'EMP-1' });
    const disk = fillDisk(service.storage.dataDir);
    try {
      const fault = await service.fault(REGISTER, {
        input: { ...collins, name: 'Eileen', employeeId: 'EMP-2' },
      });
      expect(fault.extensions.code).toBe('UNAVAILABLE');
      expect(fault.message).toMatch(disk.reason);
      expect(fault.message).not.toContain(service.storage.dataDir);
      const punch = await service.send(
        'mutation ($input: CheckAttendanceInput!) { checkAttendance(input: $input) { status } }',
        {
          input: { ...hopper, employeeId: 'EMP-1' },
        },
      );
      expect(punch.errors).toMatchObject([{ extensions: { code: 'UNAVAILABLE' } }]);
      expect(await employeeIds()).toEqual(['EMP-1']);
      const { attendances } = await service.ask<{ attendances: { totalCount: number } }>(
        '{ attendances { totalCount } }',
      );
      expect(attendances.totalCount).toBe(0);
      expect(existsSync(media('face_images', 'EMP-2.jpg'))).toBe(false);
      expect((await fetch(`${service.url}/readyz`)).status).toBe(503);
    } finally {
      disk.free();
    }
    mkdirSync(join(service.storage.dataDir, 'incoming'), { recursive: true });
    await register(service, { ...collins, employeeId: 'EMP-2' });
    expect(await check(service, { employeeId: 'EMP-1' })).toMatchObject({ status: 'RECORDED' });
    expect(await employeeIds()).toHaveLength(2);
    expect(standIn.assets.size).toBe(3);
  });
});
