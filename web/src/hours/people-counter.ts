/**
 * Counts the people of a report while it comes in. A file of hours has the rows of a person one after the other, with
 * the employeeId in the first cell.
 */
export class PeopleCounter {
  private people = 0;
  private last: string | null = null;
  /** What came of a row that is not complete. */
  private open = '';
  private titles: boolean;

  /** @param format JSON lines have no row of titles, and no line break inside a row */
  constructor(private readonly format: 'CSV' | 'JSON') {
    this.titles = format === 'CSV';
  }

  /** @returns the people so far */
  add(text: string): number {
    const lines = (this.open + text).split('\n');
    this.open = lines.pop() ?? '';
    let row = '';
    for (const line of lines) {
      row += line;
      // A line break inside a quoted cell: the row goes on.
      if (this.format === 'CSV' && row.split('"').length % 2 === 0) {
        row += '\n';
        continue;
      }
      this.count(row);
      row = '';
    }
    this.open = row + this.open;
    return this.people;
  }

  private count(row: string): void {
    if (this.titles) {
      this.titles = false;
      return;
    }
    const [first = row] = (this.format === 'CSV' ? CSV_CELL : JSON_CELL).exec(row) ?? [];
    if (first !== this.last) this.people++;
    this.last = first;
  }
}

const CSV_CELL = /^("(?:[^"]|"")*"|[^,]*)/;
const JSON_CELL = /^\{"employee_id":"(?:[^"\\]|\\.)*"/;
