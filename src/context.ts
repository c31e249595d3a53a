import DataLoader from 'dataloader';
import { In, type DataSource } from 'typeorm';
import { Employee } from './entities/employee.entity';
import { FaceTemplate } from './entities/face-template.entity';
import { Office } from './entities/office.entity';
import { Role } from './entities/role';
import type { Checker } from './services/attendance/check/checker';
import type { Actor } from './services/audit/actor';

/** Somebody with a key or a token of their own. */
interface Principal {
  /** A key's row id; a hash of who a token is about. */
  readonly id: string;
  readonly role: Role;
  /** The office it belongs to; a KIOSK has one. */
  readonly officeId: string | null;
}

/** Who is asking; what each may do is decided in one place, resolvers/permissions.ts. */
export type Caller =
  /** The holder of ADMIN_API_KEY. */
  | { readonly kind: 'admin' }
  /** The requester of a service without a key, which listens on loopback only: its administrator. */
  | { readonly kind: 'open' }
  /** The holder of a key that was made with createApiKey. */
  | ({ readonly kind: 'key'; readonly allowOffline: boolean } & Principal)
  /** Somebody whom the company's identity provider knows. */
  | ({ readonly kind: 'jwt' } & Principal)
  | { readonly kind: 'anonymous' };

/** Names the caller where what they did is kept, and is theirs alone: 1 to 64 characters, the same every time. */
export function callerId(caller: Caller): string {
  return 'id' in caller ? `${caller.kind}:${caller.id}` : caller.kind;
}

/** null: none, since nobody knows who it is. */
export function roleOf(caller: Caller): Role | null {
  if ('role' in caller) return caller.role;
  return caller.kind === 'anonymous' ? null : Role.ADMIN;
}

/** A person's token cannot: who is online to get one is online to punch. */
function mayPunchOffline(caller: Caller): boolean {
  if (caller.kind === 'key') return caller.allowOffline;
  return caller.kind === 'admin' || caller.kind === 'open';
}

/** Who sends a check, as far as its rules need it. */
export function checkerOf(caller: Caller): Checker {
  const id = callerId(caller);
  return {
    id,
    lockable: 'id' in caller ? id : null,
    mayPunchOffline: mayPunchOffline(caller),
    kioskOffice: 'role' in caller && caller.role === Role.KIOSK ? caller.officeId : null,
  };
}

/** What a resolver knows about the request. */
export interface Context {
  readonly caller: Caller;
  readonly requestId: string;
  /** The network address that the request came from. */
  readonly address: string;
  readonly loaders: Loaders;
}

/** The requester, as audit events and other records store it. */
export const actorOf = ({ caller, address }: Pick<Context, 'caller' | 'address'>): Actor => ({
  caller: callerId(caller),
  address,
});

/** Loads each row once a request, all that a page needs in one statement. */
export interface Loaders {
  readonly employee: DataLoader<string, Employee | null>;
  readonly office: DataLoader<string, Office | null>;
  /** By the employee's row id, oldest first. */
  readonly faceTemplates: DataLoader<string, readonly FaceTemplate[]>;
}

export function createLoaders(dataSource: DataSource): Loaders {
  const byId = <T extends Employee | Office>(entity: new () => T): DataLoader<string, T | null> =>
    new DataLoader(async (ids) => {
      // The constraint of FindOptionsWhere cannot see through T; both entities have an id.
      const where = { id: In([...ids]) } as object;
      const rows = await dataSource.getRepository<T>(entity).find({ where });
      const found = new Map(rows.map((row) => [row.id, row]));
      return ids.map((id) => found.get(id) ?? null);
    });
  const faceTemplates = new DataLoader<string, readonly FaceTemplate[]>(async (employees) => {
    const templates = await dataSource.getRepository(FaceTemplate).find({
      // Not the vector: nothing that answers a client needs it.
      select: {
        id: true,
        employeeId: true,
        createdAt: true,
        source: true,
        modelId: true,
        duplicateAllowed: true,
      },
      where: { employeeId: In([...employees]) },
      order: { createdAt: 'ASC', id: 'ASC' },
    });
    return employees.map((employee) => templates.filter(({ employeeId }) => employeeId === employee));
  });
  return { employee: byId(Employee), office: byId(Office), faceTemplates };
}
