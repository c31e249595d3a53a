import { useCallback, useEffect, useState } from 'preact/hooks';
import type { Api } from '../api';
import { fill, texts } from '../messages';
import { isFault } from '../shared/faults';
import type { Change } from './hours-api';
import { Preview } from './preview';
import { problemText } from './words';

interface Props {
  readonly api: Api;
  readonly onDecided: () => void;
}

/** Corrections that wait for a decision. */
export function Requests({ api, onDecided }: Props) {
  const { hours } = texts();
  const [changes, setChanges] = useState<readonly Change[]>([]);
  const [problem, setProblem] = useState<string | null>(null);
  const load = useCallback(
    async (): Promise<void> => setChanges((await api.hours.corrections()).nodes),
    [api],
  );
  useEffect(() => void load().catch(() => undefined), [load]);
  const decide = async (id: string, approve: boolean): Promise<void> => {
    setProblem(null);
    try {
      await api.hours.decide(id, approve);
      onDecided();
    } catch (error) {
      const fourEyes = isFault(error, 'FORBIDDEN');
      setProblem(fourEyes ? hours.fourEyes : isFault(error, 'CONFLICT') ? hours.stale : problemText(error));
    }
    await load();
  };
  if (changes.length === 0 && problem === null) return null;
  return (
    <section class="card requests" aria-labelledby="requests">
      <h2 id="requests">{hours.requests}</h2>
      <p class="problem" role="alert">
        {problem}
      </p>
      <ul>
        {changes.map((change) => (
          <li key={change.id}>
            <strong>{change.employee.name}</strong>
            <p class="muted">
              {fill(hours.askedBy, { by: change.requestedBy, reason: change.reason ?? '' })}
            </p>
            <Preview change={change} />
            <div class="row">
              <button class="primary" onClick={() => void decide(change.id, true)}>
                {hours.approve}
              </button>
              <button onClick={() => void decide(change.id, false)}>{hours.reject}</button>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
