/** The command line of both clients. */
import { readFile } from 'node:fs/promises';
import { advice, type CheckResult, type Fault, isPunch, type Punch } from './rollcall.ts';

/** A JPEG, PNG or WebP. */
type Photo = Buffer<ArrayBuffer>;

/** What a client of Rollcall does, whichever library it uses. */
export interface RollcallClient {
  register(name: string, employeeId: string, photo: Photo): Promise<string>;
  check(photo: Photo, employeeId?: string): Promise<CheckResult>;
  punches(first: number): Promise<readonly Punch[]>;
  toFault(error: unknown): Fault;
}

/** Where the service is, and the key to it. An open service (no ADMIN_API_KEY) needs no key. */
export const url = process.env['ROLLCALL_URL'] ?? 'http://localhost:4000/graphql';
export const authorization: Record<string, string> = process.env['ROLLCALL_KEY']
  ? { authorization: `Bearer ${process.env['ROLLCALL_KEY']}` }
  : {};

class UnreadablePhoto extends Error {}

async function readPhoto(path: string): Promise<Photo> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new UnreadablePhoto(`Cannot read ${path}`, { cause: error });
  }
}

const USAGE = `Usage: register NAME EMPLOYEE_ID PHOTO
       check PHOTO [EMPLOYEE_ID]
       punches`;

/** @returns the exit code. 0: done; 1: an error; 2: the check was refused, and nothing was recorded */
async function execute(client: RollcallClient, [command, ...args]: readonly string[]): Promise<number> {
  const [first, second, third] = args;
  if (command === 'register' && first && second && third) {
    console.log(await client.register(first, second, await readPhoto(third)));
  } else if (command === 'check' && first) {
    const result = await client.check(await readPhoto(first), second);
    console.log(`${result.status}: ${result.message}`);
    console.log(advice(result));
    return isPunch(result) ? 0 : 2;
  } else if (command === 'punches') {
    for (const { recordedAt, type, employee } of await client.punches(20)) {
      console.log(`${recordedAt} ${type} ${employee.employeeId} ${employee.name}`);
    }
  } else {
    console.error(USAGE);
    return 1;
  }
  return 0;
}

/** Runs the command line, and says in one line what went wrong. */
export async function run(client: RollcallClient): Promise<void> {
  try {
    process.exitCode = await execute(client, process.argv.slice(2));
  } catch (error) {
    process.exitCode = 1;
    if (error instanceof UnreadablePhoto) return console.error(error.message);
    const { code, message } = client.toFault(error);
    console.error(`${code}: ${message}`);
    if (code === 'UNAUTHENTICATED') console.error('Set ROLLCALL_KEY to a key of this service.');
  }
}
