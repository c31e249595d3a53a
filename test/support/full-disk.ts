import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface FullDisk {
  /** What the service says of it. */
  readonly reason: RegExp;
  /** Makes space again. */
  free(): void;
}

/**
 * Leaves no space where photos are written: a small file system that is full. Where this process may not mount one,
 * the folder is replaced by a file, so that writing fails as well, with another reason.
 */
export function fillDisk(dataDir: string): FullDisk {
  const folder = join(dataDir, 'incoming');
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]).status === 0) {
    try {
      writeFileSync(join(folder, 'filler'), Buffer.alloc(1_000_000));
    } catch {
      // That it does not fit is the point.
    }
    return { reason: /the disk is full/, free: () => void spawnSync('umount', [folder]) };
  }
  rmSync(folder, { recursive: true });
  writeFileSync(folder, '');
  return { reason: /could not store/i, free: () => rmSync(folder) };
}
