/**
 * The floor: what a check cannot do without, done plainly, and nothing else. No validation, no matching, no
 * GraphQL, no headers, no log, no error handling: not a server to run, a line to measure against.
 *
 * It is compiled to plain JavaScript and run as a process of its own. Environment: PORT, DATABASE_URL, DATA_DIR.
 */
import { createServer } from 'node:http';
import { mkdirSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { Pool } from 'pg';
import sharp from 'sharp';
import { v7 as uuidv7 } from 'uuid';

interface CheckRequest {
  readonly variables: { readonly input: { readonly employeeId: string; readonly imageBase64: string } };
}

interface EmployeeRow {
  readonly id: string;
  readonly name: string;
  readonly employee_id: string;
  readonly sequence: number | null;
}

const SELECT = {
  name: 'floor-employee',
  text: `SELECT e.id, e.name, e.employee_id,
      (SELECT max(sequence) FROM attendances a WHERE a.employee_id = e.id) AS sequence
    FROM employees e WHERE e.employee_id_key = lower($1)`,
};
const INSERT = {
  name: 'floor-punch',
  text: `INSERT INTO attendances (id, employee_id, sequence, type, recorded_at, similarity, image_path)
    VALUES ($1, $2, $3, 'LOGIN', $4, 1, $5)`,
};

const pool = new Pool({ connectionString: process.env['DATABASE_URL'], max: 10 });
const folder = join(process.env['DATA_DIR'] as string, 'media');
mkdirSync(folder, { recursive: true });

// As the service's photo reader has them.
sharp.concurrency(1);
sharp.cache(false);

/** The decode that proves a photo, equal to the photo reader's. */
const prove = (photo: Buffer): Promise<Buffer> =>
  sharp(photo, { failOn: 'warning', limitInputPixels: 50_000_000, sequentialRead: true })
    .resize(48, 48, { fit: 'fill', kernel: 'linear', fastShrinkOnLoad: true })
    .raw()
    .timeout({ seconds: 10 })
    .toBuffer();

/** What a file needs to survive a power cut. */
async function writeDurable(bytes: Buffer, path: string): Promise<void> {
  const handle = await open(`${path}.part`, 'wx');
  await handle.writeFile(bytes);
  await handle.datasync();
  await handle.close();
  await rename(`${path}.part`, path);
  const parent = await open(folder, 'r');
  await parent.sync();
  await parent.close();
}

async function check(body: Buffer): Promise<string> {
  const { employeeId, imageBase64 } = (JSON.parse(body.toString()) as CheckRequest).variables.input;
  const photo = Buffer.from(imageBase64, 'base64');
  await prove(photo);
  const { rows } = await pool.query<EmployeeRow>({ ...SELECT, values: [employeeId] });
  const employee = rows[0] as EmployeeRow;
  const id = uuidv7();
  const recordedAt = new Date();
  await writeDurable(photo, join(folder, `${id}.jpg`));
  await pool.query({
    ...INSERT,
    values: [id, employee.id, (employee.sequence ?? 0) + 1, recordedAt, `${id}.jpg`],
  });
  const attendance = {
    id,
    type: 'LOGIN',
    recordedAt,
    imageUrl: `http://localhost/media/${id}.jpg`,
    employee: { employeeId: employee.employee_id, name: employee.name },
    office: null,
  };
  const checkAttendance = {
    status: 'RECORDED',
    message: 'Login recorded successfully!',
    similarity: 1,
    distanceFromOffice: null,
    cloudinaryUrl: null,
    attendance,
  };
  return JSON.stringify({ data: { checkAttendance } });
}

createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    void check(Buffer.concat(chunks)).then((answer) => {
      response.setHeader('content-type', 'application/json; charset=utf-8');
      response.end(answer);
    });
  });
}).listen(Number(process.env['PORT']), '127.0.0.1');

// Otherwise a signal ends the process before a profile is written.
process.on('SIGTERM', () => process.exit());
