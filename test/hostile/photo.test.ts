/** Real: the service over HTTP, the database, the disk, the decoder, a valid PNG bomb. Fake: nothing. */
import sharp from 'sharp';
import { badPhotos } from '../support/bad-photos';
import { check, register } from '../support/operations';
import { photo, strangerDescriptor } from '../support/photos';
import { expectRefused, faceOperations } from '../support/refusals';
import { TestService } from '../support/service';

const hopper = photo('grace-hopper.jpg').toString('base64');
const field = 'imageBase64';

const badTexts: readonly (readonly [what: string, text: string, says: RegExp])[] = [
  ['a text that is not base64', 'this is *not* base64! '.repeat(10), /must be base64 or a base64 data URI/],
  ['base64 with a character too many', `${hopper}A`, /must be base64 or a base64 data URI/],
  ['the path of a file', '/etc/passwd', /must be base64 or a base64 data URI/],
  ['the address of a picture', 'https://example.com/face.jpg', /must be base64 or a base64 data URI/],
  [
    'a data URI of something else',
    `data:image/jpeg;base64,${Buffer.from('<html></html>').toString('base64')}`,
    /must be a JPEG, PNG or WebP/,
  ],
  ['a data URI without base64', `data:image/jpeg,${hopper}`, /must be a base64 data URI of an image/],
  ['a data URI of nothing', 'data:image/jpeg;base64,', /empty/],
  ['blanks', '    ', /empty/],
];

describe('a photo that cannot be one', () => {
  let service: TestService;

  beforeAll(async () => {
    service = await TestService.start();
    await register(service);
  });
  afterAll(() => service.stop());

  describe.each(faceOperations)('%s', (_name, document, input) => {
    it.each(badPhotos)('refuses %s', async (_what, bytes, says) => {
      const imageBase64 = bytes().toString('base64');
      await expectRefused(service, document, { ...input, imageBase64 }, { field, says });
    });

    it.each(badTexts)('refuses %s', async (_what, imageBase64, says) => {
      await expectRefused(service, document, { ...input, imageBase64 }, { field, says });
    });

    it.each([
      ['left out', undefined],
      ['null', null],
    ])('refuses a photo that is %s', async (_what, imageBase64) => {
      const says = /exactly one of imageBase64.* and image.*, not none/;
      await expectRefused(service, document, { ...input, imageBase64 }, { field, says });
    });
  });

  it('takes a single pixel', async () => {
    const pixel = await sharp({ create: { width: 1, height: 1, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    const imageBase64 = pixel.toString('base64');
    const faceDescriptor = strangerDescriptor(1);
    const { employee } = await register(service, { employeeId: 'PIXEL', imageBase64, faceDescriptor });
    expect(employee.employeeId).toBe('PIXEL');
    expect(await check(service, { employeeId: 'PIXEL', imageBase64, faceDescriptor })).toHaveProperty(
      'status',
      'RECORDED',
    );
  });
});
