import type { DataSource } from 'typeorm';
import type { Muster, MusterEntry } from '../days/muster-service';
import { localTime } from './local-time';
import type { Cell, Column } from './table';

export const MUSTER_COLUMNS: readonly Column[] = [
  { name: 'state', kind: 'text' },
  { name: 'employee_id', kind: 'text' },
  { name: 'name', kind: 'text' },
  { name: 'since', kind: 'text' },
  { name: 'visitor', kind: 'flag' },
];

interface Person {
  readonly id: string;
  readonly employee_id: string;
  readonly name: string;
}

/** Who is in the building, as rows: those who are surely inside first. */
export async function musterRows(dataSource: DataSource, muster: Muster): Promise<Cell[][]> {
  const { inside, unsure, office } = muster;
  const ids = [...inside, ...unsure].map(({ employeeId }) => employeeId);
  const people = await dataSource.query<Person[]>(
    'SELECT id, employee_id, name FROM employees WHERE id = ANY($1::uuid[])',
    [ids],
  );
  const byId = new Map(people.map((person) => [person.id, person]));
  const rowOf = (state: string) => (entry: MusterEntry) => {
    const person = byId.get(entry.employeeId);
    return [
      ...[state, person?.employee_id ?? null, person?.name ?? null],
      ...[localTime(entry.since.getTime(), office.timeZone), entry.visitor],
    ];
  };
  return [...inside.map(rowOf('INSIDE')), ...unsure.map(rowOf('UNSURE'))];
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const html = (cell: Cell | undefined): string =>
  String(cell ?? '').replace(/[&<>"]/g, (character) => ENTITIES[character] ?? '');

/** A page to print, with a box to tick beside everybody. */
export function musterPage({ office, at }: Muster, rows: readonly Cell[][]): string {
  const time = localTime(at.getTime(), office.timeZone);
  const list = (state: string, title: string): string => {
    const of = rows.filter(([each]) => each === state);
    const items = of
      .map(
        ([, employeeId, name, since, visitor]) =>
          `<tr><td>☐</td><td dir="auto">${html(name)}</td><td>${html(employeeId)}</td>` +
          `<td>${html(since)}</td><td>${visitor === true ? 'Visitor' : ''}</td></tr>`,
      )
      .join('\n');
    return `<h2>${title}: ${of.length}</h2>
<table><thead><tr><th scope="col">Seen</th><th scope="col">Name</th><th scope="col">ID</th><th scope="col">Since</th><th scope="col">Note</th></tr></thead>
<tbody>
${items}
</tbody></table>`;
  };
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Muster ${html(office.name)} ${html(time)}</title>
<style>
body { font: 12pt/1.4 system-ui, sans-serif; margin: 2rem; color: #000; background: #fff; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid #888; padding: 0.2rem 0.5rem; text-align: start; }
tr { break-inside: avoid; }
@media print { body { margin: 0; } }
</style>
</head>
<body>
<h1 dir="auto">${html(office.name)}</h1>
<p>${html(time)}</p>
${list('INSIDE', 'Inside')}
${list('UNSURE', 'Unsure')}
</body>
</html>
`;
}
