import { realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const DAY = '\\d{4}/(?:0[1-9]|1[0-2])/(?:0[1-9]|[12]\\d|3[01])';
const EMPLOYEE_ID = '[A-Za-z0-9._-]{1,64}';
const ATTENDANCE_IMAGE = new RegExp(`^attendance_images/${DAY}/${UUID}\\.jpg$`);
const FACE_IMAGE = new RegExp(`^face_images/${EMPLOYEE_ID}\\.jpg$`);
const TEMPLATE_IMAGE = new RegExp(`^face_images/templates/(${UUID})\\.jpg$`);

/**
 * Where a punch's photo lies below the media folder; the day is in UTC, like every stored date.
 *
 * @param id a uuid in lower case
 * @throws Error for anything else: ids are made by us, so that is a bug and not an input
 */
export function attendanceImagePath(id: string, recordedAt: Date): string {
  const day = recordedAt.toISOString().slice(0, 10).replaceAll('-', '/');
  return checked(ATTENDANCE_IMAGE, `attendance_images/${day}/${id}.jpg`);
}

/**
 * Where an employee's enrolment photo lies below the media folder.
 *
 * @param employeeId 1 to 64 of `A-Za-z0-9._-`
 * @throws Error for anything else
 */
export function faceImagePath(employeeId: string): string {
  return checked(FACE_IMAGE, `face_images/${employeeId}.jpg`);
}

/**
 * Where the photo of a later enrolment lies. A separate folder: an employeeId may look like a template's id.
 *
 * @param templateId a uuid in lower case
 * @throws Error for anything else
 */
export function templateImagePath(templateId: string): string {
  return checked(TEMPLATE_IMAGE, `face_images/templates/${templateId}.jpg`);
}

/** The template whose photo this is the path of; null for other photos. */
export const templateOf = (path: string): string | null => TEMPLATE_IMAGE.exec(path)?.[1] ?? null;

/** Whether an employeeId is in the path. The other paths have the id of a row, which nobody gets again. */
export const isEmployeePhoto = (path: string): boolean => FACE_IMAGE.test(path);

/** Whether a path is of one of the shapes above: nothing else below the media folder is ever served. */
export function isMediaPath(path: string): boolean {
  return [ATTENDANCE_IMAGE, FACE_IMAGE, TEMPLATE_IMAGE].some((shape) => shape.test(path));
}

/**
 * The real file behind a media path, or null when there is none or when it lies outside of the root: a symbolic
 * link planted below the media folder must not publish the rest of the disk.
 */
export async function resolveMedia(root: string, path: string): Promise<string | null> {
  if (!isMediaPath(path)) return null;
  try {
    const [realRoot, file] = await Promise.all([realpath(root), realpath(join(root, path))]);
    return file.startsWith(realRoot + sep) ? file : null;
  } catch {
    return null;
  }
}

function checked(shape: RegExp, path: string): string {
  if (!shape.test(path)) throw new Error('This id cannot be part of a media path');
  return path;
}
