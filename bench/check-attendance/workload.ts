import { join } from 'node:path';
import sharp from 'sharp';
import { strangerDescriptor } from '../../test/support/photos';

/** What a kiosk sends: bytes of a photo. */
const PHOTO_BYTES = 80_000;
const PHOTO_TOLERANCE = 0.05;
const PHOTOS = 8;
const PORTRAIT = join(__dirname, '..', '..', 'test', 'fixtures', 'grace-hopper.jpg');

/** So many that no two clients ever check the same person: every check records, none races. */
export const EMPLOYEES = 256;

export const REGISTER = `mutation ($input: RegisterEmployeeInput!) {
  registerEmployee(input: $input) { employee { id } }
}`;

export const CHECK = `mutation Check($input: CheckAttendanceInput!) {
  checkAttendance(input: $input) {
    status
    message
    similarity
    distanceFromOffice
    cloudinaryUrl
    ... on AttendanceRecorded {
      attendance { id type recordedAt imageUrl employee { employeeId name } office { name } }
    }
  }
}`;

/** One person of the benchmark, with the bodies of the two requests about them. */
export interface Subject {
  readonly register: Buffer;
  readonly check: Buffer;
}

/** Subjects with 8 different photos between them: clean JPEGs, so that the service keeps them byte for byte. */
export async function createSubjects(): Promise<readonly Subject[]> {
  const photos = await Promise.all(Array.from({ length: PHOTOS }, (_, i) => createPhoto(i)));
  return Array.from({ length: EMPLOYEES }, (_, i) => {
    const employeeId = `BENCH-${i}`;
    const face = { imageBase64: photos[i % PHOTOS], faceDescriptor: strangerDescriptor(i) };
    const register = { employeeId, name: `Person ${i}`, ...face };
    return {
      register: bodyOf(REGISTER, register),
      check: bodyOf(CHECK, { employeeId, ...face }),
    };
  });
}

export const bodyOf = (query: string, input: object): Buffer =>
  Buffer.from(JSON.stringify({ query, variables: { input } }));

/** A real portrait in a light of its own, at the quality that comes nearest to the size. @returns base64 */
async function createPhoto(index: number): Promise<string> {
  const pixels = await sharp(PORTRAIT)
    .resize(720)
    .modulate({ brightness: 0.9 + index * 0.025 })
    .png()
    .toBuffer();
  let best = Buffer.alloc(0);
  for (let low = 50, high = 100; low <= high;) {
    const quality = Math.floor((low + high) / 2);
    const jpeg = await sharp(pixels).jpeg({ quality }).toBuffer();
    if (Math.abs(jpeg.length - PHOTO_BYTES) < Math.abs(best.length - PHOTO_BYTES)) best = jpeg;
    if (jpeg.length < PHOTO_BYTES) low = quality + 1;
    else high = quality - 1;
  }
  if (Math.abs(best.length / PHOTO_BYTES - 1) > PHOTO_TOLERANCE) {
    throw new Error(`Photo ${index} has ${best.length} bytes`);
  }
  return best.toString('base64');
}
