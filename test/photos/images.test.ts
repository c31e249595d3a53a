/** Real: the service, Cloudinary's SDK, the disk, real photos. Stand-in: Cloudinary, on loopback. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { CloudinaryStandIn } from '../support/cloudinary-stand-in';
import { check, register } from '../support/operations';
import { base64Photo, photo } from '../support/photos';
import { TestService } from '../support/service';

describe('photos', () => {
  let cdn: CloudinaryStandIn;
  let service: TestService;
  let local: TestService;

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
    local = await TestService.start();
  });
  afterAll(async () => {
    await Promise.all([service.stop(), local.stop()]);
    await cdn.stop();
  });

  const bytesAt = async (url: string): Promise<Buffer> => Buffer.from(await (await fetch(url)).arrayBuffer());

  it('of a registration are the same bytes on disk, on the CDN and at /media', async () => {
    const { cloudinaryUrl, employee } = await register(service);
    expect(cloudinaryUrl).toMatch(/^https:\/\/res\.cloudinary\.com\/.*\/rollcall\/face_images\//);
    expect(employee).toMatchObject({
      faceImageUrl: `${service.url}/media/face_images/EMP-1.jpg`,
      cloudinaryFaceImageUrl: cloudinaryUrl,
      imageUrl: cloudinaryUrl,
    });
    const sent = photo('grace-hopper.jpg');
    expect(readFileSync(join(service.storage.dataDir, 'media/face_images/EMP-1.jpg'))).toEqual(sent);
    expect(await bytesAt(employee.faceImageUrl)).toEqual(sent);
    expect(cdn.assets.get(`rollcall/face_images/${employee.id}`)?.bytes).toEqual(sent);
  });

  it('have a thumbnail of the face in the best format for the browser, from the CDN', async () => {
    const { employee } = await service.ask<{ employee: { thumbnailUrl: string; id: string } }>(
      '{ employee(employeeId: "EMP-1") { id thumbnailUrl(size: 96) } }',
    );
    const { pathname, protocol } = new URL(employee.thumbnailUrl);
    expect(protocol).toBe('https:');
    const transformations = pathname.split('/').flatMap((part) => part.split(','));
    for (const wanted of ['c_thumb', 'g_face', 'w_96', 'h_96', 'f_auto', 'q_auto']) {
      expect(transformations).toContain(wanted);
    }
    expect(pathname.endsWith(`/rollcall/face_images/${employee.id}`)).toBe(true);
  });

  it('fall back to the local copy if there is no CDN', async () => {
    const { cloudinaryUrl, employee } = await register(local, { employeeId: 'L.1' });
    const url = `${local.url}/media/face_images/L.1.jpg`;
    expect(cloudinaryUrl).toBeNull();
    expect(employee).toMatchObject({
      cloudinaryFaceImageUrl: null,
      faceImageUrl: url,
      imageUrl: url,
      thumbnailUrl: url,
    });
  });

  it('of a punch are named on the punch and in the answer', async () => {
    const answer = await check(service);
    const { attendance } = answer;
    expect(answer.cloudinaryUrl).toContain(`/rollcall/attendance_images/${attendance?.id}`);
    expect(attendance).toMatchObject({
      imageUrl: answer.cloudinaryUrl,
      cloudinaryImageUrl: answer.cloudinaryUrl,
    });
    expect(attendance?.localImageUrl).toMatch(
      /\/media\/attendance_images\/\d{4}\/\d\d\/\d\d\/[0-9a-f-]{36}\.jpg$/,
    );
    expect(await bytesAt(attendance?.localImageUrl ?? '')).toEqual(photo('grace-hopper-2.jpg'));
  });

  it('lose their position, every other metadata and their rotation before they reach disk or CDN', async () => {
    const { attendance } = await check(service, { imageBase64: base64Photo('exif-gps-rotated.jpg') });
    const stored = await bytesAt(attendance?.localImageUrl ?? '');
    const asset = cdn.assets.get(`rollcall/attendance_images/${attendance?.id}`);
    expect(asset?.bytes).toEqual(stored);
    // Every text in the fixture's EXIF, XMP, ICC and comment begins with this.
    expect(photo('exif-gps-rotated.jpg').includes('fixture-')).toBe(true);
    expect(stored.includes('fixture-')).toBe(false);
    const before = await sharp(photo('exif-gps-rotated.jpg')).metadata();
    const after = await sharp(stored).metadata();
    expect(before.orientation).toBe(6);
    expect([after.width, after.height]).toEqual([before.height, before.width]);
    expect([after.orientation, after.exif, after.xmp, after.icc, after.iptc]).toEqual(
      Array(5).fill(undefined),
    );
  });

  it.each(['photo.png', 'photo.webp'])('of other kinds become JPEGs: %s', async (name) => {
    const type = name.endsWith('png') ? 'png' : 'webp';
    const { attendance } = await check(service, {
      imageBase64: `data:image/${type};base64,${base64Photo(name)}`,
    });
    const stored = await sharp(await bytesAt(attendance?.localImageUrl ?? '')).metadata();
    const sent = await sharp(photo(name)).metadata();
    expect(stored).toMatchObject({ format: 'jpeg', width: sent.width, height: sent.height });
  });
});
