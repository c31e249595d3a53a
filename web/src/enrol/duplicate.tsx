import { useEffect, useState } from 'preact/hooks';
import type { Api, Employee } from '../api';
import { fill, texts } from '../messages';
import { Photo } from '../shared/photo';

interface Props {
  readonly api: Api;
  readonly employeeId: string;
  readonly onOpen: (person: Employee) => void;
  /** Enrols the face all the same; null: there is no such way. */
  readonly onAllow: (() => void) | null;
}

/**
 * The face is already enrolled for another employee: who that is, and two ways to continue. The second needs a
 * confirmation.
 */
export function Duplicate({ api, employeeId, onOpen, onAllow }: Props) {
  const { enrol } = texts();
  const [found, setFound] = useState<Employee | null>(null);
  const [sure, setSure] = useState(false);
  useEffect(() => {
    void api.employee(employeeId).then(setFound, () => undefined);
  }, [api, employeeId]);
  const name = found?.name ?? employeeId;
  return (
    <section class="duplicate" role="alert">
      <Photo api={api} address={found?.faceImageUrl ?? null} alt={fill(enrol.photoOf, { name })} />
      <div>
        <h2>{enrol.duplicateTitle}</h2>
        <p>{fill(enrol.duplicateText, { name, employeeId })}</p>
        <div class="row">
          {found !== null && (
            <button type="button" onClick={() => onOpen(found)}>
              {fill(enrol.duplicateOpen, { name })}
            </button>
          )}
        </div>
        {onAllow !== null && (
          <>
            <label class="tick">
              <input
                type="checkbox"
                checked={sure}
                onChange={({ currentTarget }) => setSure(currentTarget.checked)}
              />
              {enrol.duplicateTick}
            </label>
            <button type="button" class="danger" disabled={!sure} onClick={onAllow}>
              {enrol.duplicateSubmit}
            </button>
          </>
        )}
      </div>
    </section>
  );
}
