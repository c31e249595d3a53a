import { Gallery, type GalleryOptions } from '@rollcall/gallery';
import { FACE_DIMENSION } from '../engine/face-model-ids';
import { MeanGallery } from './mean-gallery';

/** An employee's templates, by the model that made them. */
interface EmployeeTemplates {
  /** Of the configured model. */
  readonly plain: readonly Float32Array[];
  /** Computed by the server of upright faces. */
  readonly aligned: readonly Float32Array[];
}

/** All active templates: those that clients' descriptors are compared with, and those that only the server makes. */
export class Galleries {
  readonly plain: Gallery;
  readonly aligned: MeanGallery;

  /** @param options the dimension is the configured model's */
  constructor(options: GalleryOptions) {
    this.plain = new Gallery(options);
    this.aligned = new MeanGallery({ ...options, dimension: FACE_DIMENSION });
  }

  /** Templates held, and means of those that the server computed. */
  get size(): number {
    return this.plain.size + this.aligned.size;
  }

  /**
   * Makes these the templates of an employee, in place of any earlier ones; without any the employee is gone.
   * @returns how many were taken in
   * @throws RangeError as Gallery.set
   */
  set(employee: string, { plain, aligned }: EmployeeTemplates, office: string | null): number {
    const taken = this.plain.set(employee, plain, office);
    // Most galleries have none at all, and a million look-ups take a second.
    if (aligned.length === 0 && !this.aligned.has(employee)) return taken;
    return taken + this.aligned.set(employee, aligned, office);
  }

  /** Removes everybody but these employees. */
  keepOnly(employees: ReadonlySet<string>): void {
    for (const gallery of [this.plain, this.aligned]) {
      const gone = new Set<string>();
      for (const employee of gallery.keys()) if (!employees.has(employee)) gone.add(employee);
      for (const employee of gone) gallery.set(employee, []);
    }
  }

  /** Ends the scanning threads, if there are any. */
  async close(): Promise<void> {
    await Promise.all([this.plain.close(), this.aligned.close()]);
  }
}
