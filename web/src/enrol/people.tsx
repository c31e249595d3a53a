import { useEffect, useState } from 'preact/hooks';
import type { Api, Employee, EmployeePage } from '../api';
import { fill, plural, texts } from '../messages';
import { Photo } from '../shared/photo';

/** So many keys a second are typed that not each of them is a question. */
const TYPING_MS = 250;

interface Props {
  readonly api: Api;
  /** Another number reloads the list. */
  readonly changes: number;
  readonly selected: string | null;
  readonly onSelect: (person: Employee) => void;
}

/** Everybody who is enrolled, to be searched. */
export function People({ api, changes, selected, onSelect }: Props) {
  const { enrol, common } = texts();
  const [search, setSearch] = useState('');
  const [page, setPage] = useState<EmployeePage | null>(null);
  useEffect(() => {
    let wanted = true;
    const timer = setTimeout(() => {
      api.employees(search.trim(), null).then(
        (found) => wanted && setPage(found),
        () => undefined,
      );
    }, TYPING_MS);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [api, search, changes]);

  const more = async (): Promise<void> => {
    if (page === null) return;
    const next = await api.employees(search.trim(), page.pageInfo.endCursor);
    setPage({ ...next, nodes: [...page.nodes, ...next.nodes] });
  };

  return (
    <section class="card people" aria-label={enrol.people}>
      <label>
        {enrol.search}
        <input type="search" value={search} onInput={({ currentTarget }) => setSearch(currentTarget.value)} />
      </label>
      <p class="muted" role="status">
        {page === null
          ? common.loading
          : page.totalCount === 0
            ? enrol.nobody
            : plural(enrol.count, page.totalCount)}
      </p>
      <ul>
        {page?.nodes.map((person) => (
          <li key={person.employeeId}>
            <button
              class="person"
              aria-current={person.employeeId === selected ? 'true' : undefined}
              onClick={() => onSelect(person)}
            >
              <Photo
                api={api}
                address={person.faceImageUrl}
                alt={fill(enrol.photoOf, { name: person.name })}
              />
              <span class="who">
                <strong>{person.name}</strong>
                <span class="muted">
                  <bdi>{person.employeeId}</bdi>
                  {person.office !== null && <> · {person.office.name}</>}
                  {!person.active && <> · {enrol.inactive}</>}
                </span>
              </span>
            </button>
          </li>
        ))}
      </ul>
      {page?.pageInfo.hasNextPage === true && <button onClick={() => void more()}>{common.more}</button>}
    </section>
  );
}
