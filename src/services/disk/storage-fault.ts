import { unavailable } from '../../errors';

/** What the operating system's error codes mean to somebody who has to repair it. */
const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the disk is read-only',
  EACCES: 'write permission is missing',
  EPERM: 'write permission is missing',
  EIO: 'the disk reports an input/output error',
  ENOTDIR: 'a part of the path is a file',
  EEXIST: 'it is a file',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
};

/** The error code of a failed system call, e.g. ENOENT. */
export function systemCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, syscall } = error as NodeJS.ErrnoException;
  return typeof code === 'string' && typeof syscall === 'string' ? code : undefined;
}

export const isMissing = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '');

/** Why a system call failed, in words. */
export const storageReason = (code: string): string => REASONS[code] ?? `disk error ${code}`;

/**
 * A failed system call as UNAVAILABLE: the same request succeeds once the disk is repaired. Paths of the server stay
 * in the cause, which is logged and never sent. Anything else is a bug and passes through.
 */
export function storageFault(error: unknown): unknown {
  const code = systemCode(error);
  if (code === undefined) return error;
  return unavailable(`Could not store the photo: ${storageReason(code)}`, error);
}
