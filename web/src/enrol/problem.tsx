import { fill, texts } from '../messages';
import type { EnrolProblem } from './enrol-problem';
import type { TakenPhotos } from './photo-booth';

/** What the service said against the photos or the form, in the reader's language. */
export function Problem({ problem }: { readonly problem: EnrolProblem | null }) {
  return (
    <p class="problem" role="alert">
      {problem === null ? '' : sentence(problem)}
    </p>
  );
}

function sentence(problem: EnrolProblem): string {
  const { enrol, kiosk } = texts();
  switch (problem.kind) {
    case 'photo': {
      const { title, advice } = kiosk.faceFaults[problem.fault];
      const which =
        problem.photo === null ? '' : `${fill(enrol.photoTaken, { number: problem.photo + 1 })}: `;
      return `${which}${title}. ${advice}`;
    }
    case 'taken':
      return enrol.conflict;
    case 'blind':
      return kiosk.blind;
    case 'duplicate':
      return enrol.duplicateTitle;
    case 'other':
      return problem.message;
  }
}

/** Marks the photo that the service did not take; its numbers count the photos that were sent. */
export function withServersVerdict(photos: TakenPhotos, problem: EnrolProblem): TakenPhotos {
  if (problem.kind !== 'photo' || problem.photo === null) return photos;
  let number = -1;
  return photos.map((photo) => {
    if (photo === null) return null;
    number++;
    return number === problem.photo ? { ...photo, fault: problem.fault } : photo;
  });
}
