import type { Employee } from '../../../entities/employee.entity';
import { badInput, RollcallError } from '../../../errors';
import type { MatchingService } from '../../faces/matching/matching-service';
import type { Thresholds } from '../../faces/matching/thresholds';
import type { EnrolledFace } from './enrolment-faces';

/** @throws RollcallError BAD_USER_INPUT if the face is less like the employee's templates than one person's faces are */
export function requireSamePerson(
  { matching, thresholds }: { readonly matching: MatchingService; readonly thresholds: Thresholds },
  employee: Employee,
  { probe, photo: { field } }: EnrolledFace,
): void {
  const compared = matching.verify(employee.id, probe);
  for (const by of ['server', 'client'] as const) {
    const similarity = compared.scores[by];
    const minimum = thresholds[by].samePerson;
    if (similarity === null || similarity >= minimum) continue;
    const named = by === 'client' ? 'faceDescriptor' : field;
    throw new RollcallError(
      'BAD_USER_INPUT',
      `${named}: does not match the employee's templates (similarity ${similarity.toFixed(3)}, minimum ${minimum}). If the old templates are wrong, use replaceFace`,
      { field: named, similarity, threshold: minimum },
    );
  }
  if (compared.similarity !== null) return;
  throw badInput(
    probe.server === null ? 'faceDescriptor' : field,
    "cannot be compared with the employee's templates, which are of another model or kind; use replaceFace",
  );
}
