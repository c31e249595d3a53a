import { prepareDatabases } from './database-templates';
import sources from './sources';

/** Compiles the service and makes the databases that test files copy. */
export default async function service(): Promise<void> {
  await sources();
  await prepareDatabases();
}
