import { useState } from 'preact/hooks';
import type { Api, Employee, Office } from '../api';
import type { FaceReader } from '../face/face-reader';
import { fill, texts } from '../messages';
import { Photo } from '../shared/photo';
import { Duplicate } from './duplicate';
import { type EnrolProblem, problemOf } from './enrol-problem';
import { NO_PHOTOS, PhotoBooth } from './photo-booth';
import { Problem, withServersVerdict } from './problem';

interface Props {
  readonly api: Api;
  readonly faces: FaceReader;
  readonly offices: readonly Office[];
  readonly onEnrolled: () => void;
  readonly onOpen: (person: Employee) => void;
}

/** The form for somebody new. */
export function NewPerson({ api, faces, offices, onEnrolled, onOpen }: Props) {
  const { enrol, common } = texts();
  const [name, setName] = useState('');
  const [employeeId, setEmployeeId] = useState('');
  const [officeId, setOfficeId] = useState('');
  const [consented, setConsented] = useState(false);
  const [photos, setPhotos] = useState(NO_PHOTOS);
  const [problem, setProblem] = useState<EnrolProblem | null>(null);
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState<Employee | null>(null);
  const taken = photos.flatMap((photo) => (photo === null ? [] : [photo.blob]));

  const submit = async (allowDuplicateFace: boolean): Promise<void> => {
    setBusy(true);
    setProblem(null);
    const person = {
      name: name.trim(),
      employeeId: employeeId.trim(),
      officeId: officeId === '' ? null : officeId,
      allowDuplicateFace,
      consent: enrol.consentText,
    };
    try {
      setDone(await api.register(person, taken));
      onEnrolled();
    } catch (error) {
      const found = problemOf(error);
      setProblem(found);
      setPhotos(withServersVerdict(photos, found));
    } finally {
      setBusy(false);
    }
  };

  if (done !== null) {
    // The office stays: the next person is usually of the same one.
    const startOver = (): void => {
      setDone(null);
      setName('');
      setEmployeeId('');
      setConsented(false);
      setPhotos(NO_PHOTOS);
    };
    return (
      <section class="card result" role="status">
        <Photo api={api} address={done.faceImageUrl} alt={fill(enrol.photoOf, { name: done.name })} />
        <h2>{fill(enrol.done, { name: done.name })}</h2>
        <p>{fill(enrol.doneText, { employeeId: done.employeeId })}</p>
        <button class="primary" onClick={startOver}>
          {enrol.next}
        </button>
      </section>
    );
  }
  return (
    <form
      class="card"
      aria-label={enrol.newPerson}
      onSubmit={(event) => {
        event.preventDefault();
        void submit(false);
      }}
    >
      <div class="fields">
        <label>
          {enrol.name}
          <input
            value={name}
            onInput={(e) => setName(e.currentTarget.value)}
            required
            maxLength={200}
            autocomplete="off"
          />
        </label>
        <label>
          {common.employeeId}
          <input
            value={employeeId}
            onInput={(e) => setEmployeeId(e.currentTarget.value)}
            required
            maxLength={64}
            pattern="[A-Za-z0-9._\-]+"
            title={enrol.idHint}
            autocomplete="off"
            dir="ltr"
          />
        </label>
        <label>
          {common.office}
          <select value={officeId} onChange={(e) => setOfficeId(e.currentTarget.value)}>
            <option value="">{common.noOffice}</option>
            {offices.map((office) => (
              <option key={office.id} value={office.id}>
                {office.name}
              </option>
            ))}
          </select>
        </label>
      </div>
      <fieldset class="consent">
        <legend>{enrol.consentTitle}</legend>
        <p>{enrol.consentText}</p>
        <label class="tick">
          <input
            type="checkbox"
            checked={consented}
            onChange={(e) => setConsented(e.currentTarget.checked)}
            required
          />
          {enrol.consentTick}
        </label>
      </fieldset>
      {/* No photo before the person has agreed. */}
      {consented && <PhotoBooth faces={faces} photos={photos} onPhotos={setPhotos} />}
      {problem?.kind === 'duplicate' ? (
        <Duplicate
          api={api}
          employeeId={problem.employeeId}
          onOpen={onOpen}
          onAllow={() => void submit(true)}
        />
      ) : (
        <Problem problem={problem} />
      )}
      <button class="primary" disabled={busy || !consented || taken.length === 0}>
        {busy ? enrol.working : enrol.submit}
      </button>
    </form>
  );
}
