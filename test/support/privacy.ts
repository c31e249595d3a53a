import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { createDataSource } from '../../ormconfig';
import { loadConfig } from '../../src/config/config';
import { readAuditKeys } from '../../src/services/audit/open-audit-keys';
import { KeyRing } from '../../src/services/encryption/key-ring';
import type { TestStorage } from './databases';
import type { Asker } from './operations';
import { until } from './until';

export const ERASE = `mutation ($input: EraseEmployeeInput!) { eraseEmployee(input: $input) { ...erasure } }
fragment erasure on Erasure {
  id subjectId status keepAttendance requestedBy requestedAt completedAt lastError remaining { templates photos assets }
}`;
const ERASURE = `query ($id: ID!) { erasure(id: $id) {
  id subjectId status keepAttendance requestedAt completedAt lastError remaining { templates photos assets }
} }`;
export const AUDIT = `query ($filter: AuditFilter, $first: Int! = 50, $after: String) {
  auditLog(filter: $filter, first: $first, after: $after) {
    totalCount
    nodes { sequence id at action outcome caller address employeeId details { name value } hash }
    pageInfo { hasNextPage endCursor }
  }
}`;
export const MANUAL = `mutation ($input: RecordManualAttendanceInput!) { recordManualAttendance(input: $input) {
  id type recordedAt similarity imageUrl localImageUrl cloudinaryImageUrl latitude distanceFromOffice
  manual { reason recordedBy enteredAt } proof { descriptorSource challenge liveness manual }
  employee { employeeId }
} }`;

export interface Erasure {
  readonly id: string;
  readonly subjectId: string;
  readonly status: 'REQUESTED' | 'RUNNING' | 'COMPLETED';
  readonly keepAttendance: boolean;
  readonly requestedAt: string;
  readonly completedAt: string | null;
  readonly lastError: string | null;
  readonly remaining: { readonly templates: number; readonly photos: number; readonly assets: number };
}

export interface AuditRow {
  readonly sequence: number;
  readonly id: string;
  readonly at: string;
  readonly action: string;
  readonly outcome: string;
  readonly caller: string;
  readonly address: string | null;
  readonly employeeId: string | null;
  readonly details: readonly { readonly name: string; readonly value: string | null }[];
  readonly hash: string;
}

export const erase = async (service: Asker, employeeId: string, keepAttendance: boolean): Promise<Erasure> =>
  (await service.ask<{ eraseEmployee: Erasure }>(ERASE, { input: { employeeId, keepAttendance } }))
    .eraseEmployee;

export const erasureOf = async (service: Asker, id: string): Promise<Erasure> =>
  (await service.ask<{ erasure: Erasure }>(ERASURE, { id })).erasure;

/** Resolves once the erasure says that nothing is left. */
export const erased = (service: Asker, id: string): Promise<Erasure> =>
  until(
    () => erasureOf(service, id),
    ({ status }) => status === 'COMPLETED',
  );

export const auditOf = async (
  service: Asker,
  filter: Readonly<Record<string, unknown>> = {},
): Promise<readonly AuditRow[]> =>
  (await service.ask<{ auditLog: { nodes: AuditRow[] } }>(AUDIT, { filter, first: 200 })).auditLog.nodes;

/** Files below media, relative to it. */
export const mediaFiles = ({ dataDir }: TestStorage): string[] => {
  const root = join(dataDir, 'media');
  if (!existsSync(root)) return [];
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort();
};

/** Looks into the database past the service, which must not run where it is the embedded one. */
export async function inDatabase<T>(
  { dataDir, databaseUrl }: TestStorage,
  use: (dataSource: DataSource) => Promise<T>,
  env: Readonly<Record<string, string>> = {},
): Promise<T> {
  const config = loadConfig({
    DATA_DIR: dataDir,
    ...(databaseUrl === null ? {} : { DATABASE_URL: databaseUrl }),
    ...env,
  });
  const onFatal = (error: Error): never => {
    throw error;
  };
  const dataSource = await createDataSource(config, { onFatal }).initialize();
  try {
    const keys = config.encryption && new KeyRing(config.encryption);
    // A test that only reads rows has no key.
    await readAuditKeys(dataSource, { dataDir, keys }).catch(() => false);
    return await use(dataSource);
  } finally {
    await dataSource.destroy();
  }
}
