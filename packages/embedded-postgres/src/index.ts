export { acquireLock, type FolderLock } from './lock-file';
export { pgliteDriver, type PgliteOptions, type PglitePool } from './pool';
