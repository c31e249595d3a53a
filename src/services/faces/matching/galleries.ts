import { Gallery, type GalleryOptions } from '@rollcall/gallery';
import type { FaceModelPair } from '../engine/face-model-ids';
import { meanOf } from './mean-template';

/** An employee's vectors, by who computed them. */
interface EmployeeTemplates {
  readonly client: readonly Float32Array[];
  readonly server: readonly Float32Array[];
}

/** All active templates: clients' descriptors one by one, and the mean of what the server computed of each person. */
export class Galleries {
  readonly client: Gallery;
  /** One row a person. */
  readonly server: Gallery;

  constructor(models: FaceModelPair, options: Omit<GalleryOptions, 'dimension'>) {
    this.client = new Gallery({ ...options, dimension: models.client.dimension });
    this.server = new Gallery({ ...options, dimension: models.server.dimension });
  }

  /** Clients' descriptors held, and means of the server's. */
  get size(): number {
    return this.client.size + this.server.size;
  }

  /**
   * Replaces the templates of an employee. An empty list removes the employee.
   * @returns how many were taken in
   * @throws RangeError as Gallery.set
   */
  set(employee: string, { client, server }: EmployeeTemplates, office: string | null): number {
    const mean = meanOf(server);
    return (
      this.client.set(employee, client, office) +
      this.server.set(employee, mean === null ? [] : [mean.vector], office) * (mean?.count ?? 0)
    );
  }

  /** Removes everybody but these employees. */
  keepOnly(employees: ReadonlySet<string>): void {
    for (const gallery of [this.client, this.server]) {
      const gone = new Set<string>();
      for (const employee of gallery.keys()) if (!employees.has(employee)) gone.add(employee);
      for (const employee of gone) gallery.set(employee, []);
    }
  }

  /** Ends the scanning threads, if there are any. */
  async close(): Promise<void> {
    await Promise.all([this.client.close(), this.server.close()]);
  }
}
