import DataLoader from 'dataloader';
import { In, type DataSource } from 'typeorm';
import { Employee } from './entities/employee.entity';
import { FaceTemplate } from './entities/face-template.entity';
import { Office } from './entities/office.entity';
import type { Requester } from './services/access/requester';

/** What a resolver knows about the request. */
export interface Context {
  readonly requester: Requester;
  readonly requestId: string;
  readonly loaders: Loaders;
}

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
