import { randomBytes } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { encodeTemplate } from '../../src/services/faces/engine/descriptor';
import type { RotationProgress } from '../../src/services/encryption/rotation-progress';
import { strangerDescriptor } from './photos';

export interface EnrolledRow {
  readonly id: string;
  readonly employeeId: string;
  readonly modelId: string;
  readonly vector: Buffer;
  readonly plainVector: Buffer | null;
}

/** Puts people with a template each into the database, unencrypted; every third has a second vector. */
export async function enrolPlain(dataSource: DataSource, count: number): Promise<EnrolledRow[]> {
  const rows = Array.from({ length: count }, (_, n): EnrolledRow => {
    const two = n % 3 === 0;
    return {
      id: uuidv7(),
      employeeId: uuidv7(),
      modelId: two ? 'dlib-resnet-128-aligned' : 'dlib-resnet-128',
      vector: encodeTemplate(Float64Array.from(strangerDescriptor(2 * n))),
      plainVector: two ? encodeTemplate(Float64Array.from(strangerDescriptor(2 * n + 1))) : null,
    };
  });
  await dataSource.query(
    `INSERT INTO employees (id, name, name_key, employee_id, employee_id_key, created_at, image_path)
     SELECT id, 'Somebody', 'somebody', id::text, id::text, now(), 'face_images/' || id || '.jpg' FROM unnest($1::uuid[]) AS id`,
    [rows.map(({ employeeId }) => employeeId)],
  );
  await dataSource.query(
    `INSERT INTO face_templates (id, employee_id, vector, plain_vector, dimension, model_id, source, created_at)
     SELECT id, employee, vector, plain, 128, model, 'client', now()
     FROM unnest($1::uuid[], $2::uuid[], $3::bytea[], $4::bytea[], $5::text[]) AS r (id, employee, vector, plain, model)`,
    [
      rows.map(({ id }) => id),
      rows.map(({ employeeId }) => employeeId),
      rows.map(({ vector }) => vector),
      rows.map(({ plainVector }) => plainVector),
      rows.map(({ modelId }) => modelId),
    ],
  );
  return rows;
}

export const newKey = (): Buffer => randomBytes(32);

/** Counts, and does something after the first so many templates. */
export class Progress implements RotationProgress {
  rewritten = { templates: 0, photos: 0 };
  readonly unreadableThings: string[] = [];

  constructor(private readonly onChange: (progress: Progress) => void = () => undefined) {}

  templates(count: number): void {
    this.rewritten.templates += count;
    this.onChange(this);
  }

  photos(count: number): void {
    this.rewritten.photos += count;
    this.onChange(this);
  }

  unreadable(what: string): void {
    this.unreadableThings.push(what);
  }
}
