import { type Visit, visit, type VisitOptions } from './browser';

/** Opens browsers for a suite, which close after each of its tests. */
export function closingVisits(): (options?: VisitOptions) => Promise<Visit> {
  const visits: Visit[] = [];
  afterEach(async () => {
    await Promise.all(visits.splice(0).map((opened) => opened.close()));
  });
  return async (options) => {
    const opened = await visit(options);
    visits.push(opened);
    return opened;
  };
}
