/** Real: the file system. Fake: nothing. */
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  attendanceImagePath,
  faceImagePath,
  isMediaPath,
  resolveMedia,
} from '../../src/services/photos/local/media-paths';

const ID = '3f2b8c1e-9a4d-4e7f-8b6a-0c5d1e2f3a4b';

test('a punch lies in the folder of its day in UTC', () => {
  const path = attendanceImagePath(ID, new Date('2025-03-09T23:59:59-02:00'));
  expect(path).toBe(`attendance_images/2025/03/10/${ID}.jpg`);
  expect(isMediaPath(path)).toBe(true);
});

test('an enrolment photo is named after its employee', () => {
  expect(faceImagePath('E-1_a.b')).toBe('face_images/E-1_a.b.jpg');
  expect(isMediaPath('face_images/E-1_a.b.jpg')).toBe(true);
});

test.each(['', '../x', 'a/b', 'a\\b', 'é', 'a b', 'a\0', 'a\n', 'x'.repeat(65)])(
  'no path is made of the employee id %j',
  (id) => {
    expect(() => faceImagePath(id)).toThrow();
  },
);

test('no path is made of an attendance id that is no uuid, or of no date', () => {
  expect(() => attendanceImagePath('../../x', new Date())).toThrow();
  expect(() => attendanceImagePath(ID.toUpperCase(), new Date())).toThrow();
  expect(() => attendanceImagePath(ID, new Date(NaN))).toThrow();
  expect(() => attendanceImagePath(ID, new Date('+012345-01-01T00:00:00Z'))).toThrow();
});

test.each([
  '',
  'face_images',
  'face_images/',
  'face_images/.jpg',
  'face_images/a.png',
  'face_images/a.jpg/',
  'face_images/a.jpg\n',
  'face_images/../a.jpg',
  'face_images/a/../../b.jpg',
  'face_images/%2e%2e.jpg',
  '/face_images/a.jpg',
  './face_images/a.jpg',
  'x/face_images/a.jpg',
  `attendance_images/${ID}.jpg`,
  `attendance_images/2025/13/01/${ID}.jpg`,
  `attendance_images/2025/01/32/${ID}.jpg`,
  `attendance_images/2025/01/01/../01/${ID}.jpg`,
  `attendance_images/2025/01/01/a.jpg`,
  `attendance_images/2025/01/01/${ID}.jpg.part`,
])('%j is no media path', (path) => {
  expect(isMediaPath(path)).toBe(false);
});

describe('behind a media path', () => {
  let folder: string;
  let root: string;
  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'media-paths-')));
    root = join(folder, 'media');
    await mkdir(join(root, 'face_images'), { recursive: true });
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('there is the file', async () => {
    await writeFile(join(root, 'face_images/a.jpg'), 'x');
    expect(await resolveMedia(root, 'face_images/a.jpg')).toBe(join(root, 'face_images/a.jpg'));
  });

  test('there is nothing when the file is missing or the path is of another shape', async () => {
    await writeFile(join(folder, 'a.jpg'), 'x');
    expect(await resolveMedia(root, 'face_images/a.jpg')).toBeNull();
    expect(await resolveMedia(root, '../a.jpg')).toBeNull();
  });

  test('there is nothing when a link leads out of the root, also to a neighbour with a longer name', async () => {
    await writeFile(join(folder, 'secret'), 'x');
    await mkdir(join(folder, 'media-old'));
    await writeFile(join(folder, 'media-old/b.jpg'), 'x');
    await symlink(join(folder, 'secret'), join(root, 'face_images/a.jpg'));
    await symlink(join(folder, 'media-old/b.jpg'), join(root, 'face_images/b.jpg'));
    await symlink(folder, join(root, 'attendance_images'));
    await mkdir(join(folder, '2025/01/01'), { recursive: true });
    await writeFile(join(folder, `2025/01/01/${ID}.jpg`), 'x');
    expect(await resolveMedia(root, 'face_images/a.jpg')).toBeNull();
    expect(await resolveMedia(root, 'face_images/b.jpg')).toBeNull();
    expect(await resolveMedia(root, `attendance_images/2025/01/01/${ID}.jpg`)).toBeNull();
  });

  test('there is the file when the root itself is reached by a link', async () => {
    await writeFile(join(root, 'face_images/a.jpg'), 'x');
    await symlink(root, join(folder, 'link'));
    expect(await resolveMedia(join(folder, 'link'), 'face_images/a.jpg')).toBe(
      join(root, 'face_images/a.jpg'),
    );
  });
});
