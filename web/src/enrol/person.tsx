import { useState } from 'preact/hooks';
import type { Api, Employee } from '../api';
import type { FaceReader } from '../face/face-reader';
import { fill, plural, texts } from '../messages';
import { Photo } from '../shared/photo';
import { Duplicate } from './duplicate';
import { type EnrolProblem, problemOf } from './enrol-problem';
import { NO_PHOTOS, PhotoBooth } from './photo-booth';
import { Problem, withServersVerdict } from './problem';

interface Props {
  readonly api: Api;
  readonly faces: FaceReader;
  readonly person: Employee;
  readonly onChanged: () => void;
}

type Action = 'add' | 'replace' | 'deactivate';

/** Somebody who is enrolled: more photos, another face, no longer, or again. */
export function Person({ api, faces, person: given, onChanged }: Props) {
  const { enrol, common } = texts();
  const [person, setPerson] = useState(given);
  const [action, setAction] = useState<Action | null>(null);
  const [photos, setPhotos] = useState(NO_PHOTOS);
  const [problem, setProblem] = useState<EnrolProblem | null>(null);
  const [busy, setBusy] = useState(false);
  const [saved, setSaved] = useState(false);
  const { name, employeeId } = person;
  const taken = photos.flatMap((photo) => (photo === null ? [] : [photo.blob]));

  const begin = (next: Action | null): void => {
    setAction(next);
    setPhotos(NO_PHOTOS);
    setProblem(null);
    setSaved(false);
  };
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      await work();
    } catch (error) {
      const found = problemOf(error);
      setProblem(found);
      setPhotos(withServersVerdict(photos, found));
    } finally {
      setBusy(false);
    }
  };
  const change = (work: () => Promise<Employee>): Promise<void> =>
    attempt(async () => {
      setPerson(await work());
      begin(null);
      setSaved(true);
      onChanged();
    });
  const save = (allowDuplicate: boolean): Promise<void> =>
    change(() => {
      const input = { employeeId, allowDuplicateFace: allowDuplicate };
      return action === 'replace' ? api.replaceFaces(input, taken) : api.addFaces(input, taken);
    });

  return (
    <section class="card" aria-label={name}>
      <div class="person-head">
        <Photo api={api} address={person.faceImageUrl} alt={fill(enrol.photoOf, { name })} />
        <div>
          <h2>{name}</h2>
          <p class="muted">
            <bdi>{employeeId}</bdi> · {person.office?.name ?? common.noOffice} ·{' '}
            {plural(enrol.faces, person.faceTemplates.length)}
          </p>
          {!person.active && <strong>{enrol.inactive}</strong>}
        </div>
      </div>
      <p role="status" class="saved">
        {saved && enrol.saved}
      </p>
      {action === null && !person.active && (
        <div class="row">
          <button disabled={busy} onClick={() => void change(() => api.reactivate(employeeId))}>
            {enrol.reactivate}
          </button>
        </div>
      )}
      {action === null && person.active && (
        <div class="row">
          <button onClick={() => begin('add')}>{enrol.addPhotos}</button>
          <button onClick={() => begin('replace')}>{enrol.replaceFace}</button>
          <button class="danger" onClick={() => begin('deactivate')}>
            {enrol.deactivate}
          </button>
        </div>
      )}
      {action === 'replace' && <p>{enrol.replaceText}</p>}
      {action === 'deactivate' && <p>{fill(enrol.deactivateText, { name })}</p>}
      {(action === 'add' || action === 'replace') && (
        <PhotoBooth faces={faces} photos={photos} onPhotos={setPhotos} />
      )}
      {problem?.kind === 'duplicate' ? (
        <Duplicate
          api={api}
          employeeId={problem.employeeId}
          onOpen={setPerson}
          // An employee whose face was enrolled for somebody else meanwhile cannot be reactivated.
          onAllow={action === null ? null : () => void save(true)}
        />
      ) : (
        <Problem problem={problem} />
      )}
      {action !== null && (
        <div class="row">
          {action === 'deactivate' ? (
            <button
              class="danger"
              disabled={busy}
              onClick={() => void change(() => api.deactivate(employeeId))}
            >
              {enrol.deactivate}
            </button>
          ) : (
            <button class="primary" disabled={busy || taken.length === 0} onClick={() => void save(false)}>
              {busy ? enrol.working : action === 'add' ? enrol.addPhotos : enrol.replaceFace}
            </button>
          )}
          <button onClick={() => begin(null)}>{common.cancel}</button>
        </div>
      )}
    </section>
  );
}
