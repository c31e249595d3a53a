/** Run by the tests as a process of its own: `<mode> <folder> [argument]`. */
import { existsSync } from 'node:fs';
import { acquireLock, pgliteDriver } from '@rollcall/embedded-postgres';
import { pgliteOptions } from './pglite';

const [mode = '', folder = '', argument = ''] = process.argv.slice(2);

async function main(): Promise<void> {
  switch (mode) {
    // Opens, answers one query, ends, and has to exit without being told to.
    case 'open': {
      const pool = new (pgliteDriver(pgliteOptions(folder)).Pool)();
      const { rows } = await pool.query('select 40 + 2 as answer');
      console.log(`answer ${String(rows[0]?.['answer'])}`);
      return pool.end();
    }
    // Inserts rows until it is killed, printing each one's number after it was acknowledged.
    case 'insert': {
      const pool = new (pgliteDriver(pgliteOptions(folder)).Pool)();
      for (let number = Number(argument); ; number += 1) {
        await pool.query('insert into punches values ($1, $2)', [number, Buffer.alloc(512, number % 256)]);
        console.log(`row ${number}`);
      }
    }
    // Takes the lock, where a file is named once that is there, and keeps it until it is killed.
    case 'lock': {
      if (argument !== '') console.log('ready');
      while (argument !== '' && !existsSync(argument)) {
        // as close to the others as can be
      }
      await acquireLock(folder);
      console.log('locked');
      setInterval(() => undefined, 1000);
      return;
    }
    default:
      throw new Error(`unknown mode ${mode}`);
  }
}

main().catch((error: unknown) => {
  console.log(`refused: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
