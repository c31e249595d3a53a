import { Readable } from 'node:stream';
import type { DataSource } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { EMPLOYEE_ID_PATTERN } from '../../../entities/employee.entity';
import { badInput, notFound, RollcallError } from '../../../errors';
import type { Actor } from '../../audit/actor';
import { recordAudit } from '../../audit/audit-log';
import { noSuchOffice } from '../../offices/office-service';
import type { MusterService } from '../days/muster-service';
import { countPeople } from '../days/person-rows';
import type { Statements } from '../../../database/statements';
import { checkReport, type ReportInput } from './check-report';
import { fileOf } from './format';
import { formatOf } from './format-of';
import { MUSTER_COLUMNS, musterPage, musterRows } from './muster-file';
import { writerOf, type PersonText } from './person-text';
import { mostRows } from './most-rows';
import { ENDINGS, type ReportFormat, type ReportOrder } from './report-order';
import type { ReportLinks } from './report-links';
import type { ReportPeople } from './report-people';
import type { ReportThreads } from './report-threads';
import { MAX_XLSX_ROWS, xlsx } from './xlsx';
import { folded } from '../../text/folded';
import type { Format } from './table';

const TYPES: Readonly<Record<ReportFormat, string>> = {
  CSV: 'text/csv; charset=utf-8',
  XLSX: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  JSON: 'application/x-ndjson; charset=utf-8',
  HTML: 'text/html; charset=utf-8',
};

interface ReportOptions {
  readonly dataSource: DataSource;
  readonly statements: Statements;
  readonly people: ReportPeople;
  readonly threads: ReportThreads;
  readonly musters: MusterService;
  readonly links: ReportLinks;
  readonly now: () => Date;
}

/** Files of hours: links to them, and the files, which are made while they are read. */
export class ReportService {
  constructor(private readonly options: ReportOptions) {}

  /** @throws RollcallError BAD_USER_INPUT naming the field and its bound; NOT_FOUND (officeId, employeeIds) */
  async link(input: ReportInput, by: Actor) {
    const { dataSource, links, now } = this.options;
    const range = checkReport(input, now().toISOString().slice(0, 10));
    const { kind, format } = input;
    const officeId = input.officeId ?? null;
    const office = officeId === null ? null : await this.officeName(officeId);
    const employees = input.employeeIds == null ? null : await this.rowIds(input.employeeIds);
    const order: ReportOrder = { kind, format, ...range, officeId, employees, by: by.caller };
    if (format === 'XLSX') await this.checkRows(order);
    const link = links.make(order);
    const details = {
      kind,
      format,
      from: range.from,
      until: range.until,
      officeId,
      people: employees?.length ?? null,
    };
    await dataSource.transaction((manager) =>
      recordAudit(manager, { ...by, action: 'report.link', details, at: now() }),
    );
    return { ...link, fileName: fileNameOf(order, office) };
  }

  /**
   * Opens the file of a link.
   * @param address that asks
   * @throws RollcallError FORBIDDEN for a link that was not made here, or has expired
   */
  async open(file: string, query: string, address: string | null) {
    const admitted = this.options.links.admit(file, query);
    if (admitted.kind !== 'good') throw invalidLink();
    const { order } = admitted;
    const office = order.officeId === null ? null : await this.officeName(order.officeId);
    const { people, at, pieces } =
      order.kind === 'MUSTER' ? await this.muster(order, address) : await this.table(order, address);
    const inline = order.format === 'HTML';
    const fileName = fileNameOf(order, office);
    return { type: TYPES[order.format], fileName, inline, people, at, stream: pieces };
  }

  /** Ends the thread. Files that are being sent break off. */
  close(): Promise<void> {
    return this.options.threads.close();
  }

  private async table(order: ReportOrder, address: string | null) {
    const { people, statements } = this.options;
    const filter = { officeId: order.officeId, ids: order.employees };
    const count = await countPeople(statements, filter, order);
    const names = await people.names();
    const { at, texts: batches } = await people.open(order, names);
    const texts = this.counted(order, address, partsOf(batches));
    return { people: count, at, pieces: written(writerOf(order, names).format, texts, order) };
  }

  private async muster(order: ReportOrder, address: string | null) {
    const { dataSource, musters } = this.options;
    const muster = await musters.of(order.officeId as string);
    const rows = await musterRows(dataSource, muster);
    const { at } = muster;
    if (order.format !== 'HTML') {
      const format = formatOf(order, MUSTER_COLUMNS);
      const texts = this.counted(order, address, [{ text: format.rows(rows), rows: rows.length }]);
      return { people: rows.length, at, pieces: written(format, texts, order) };
    }
    await this.noteDownload(order, address, rows.length);
    return { people: rows.length, at, pieces: Readable.from([musterPage(muster, rows)]) };
  }

  /** Counts rows for the audit trail, also if the client goes away. */
  private async *counted(
    order: ReportOrder,
    address: string | null,
    parts: AsyncIterable<Part> | Iterable<Part>,
  ): AsyncGenerator<string> {
    let rows = 0;
    try {
      for await (const part of parts) {
        rows += part.rows;
        yield part.text;
      }
    } finally {
      await this.noteDownload(order, address, rows);
    }
  }

  private noteDownload(order: ReportOrder, address: string | null, rows: number): Promise<void> {
    const { kind, format, from, until, officeId, employees, by: caller } = order;
    const details = { kind, format, from, until, officeId, people: employees?.length ?? null, rows };
    const event = { caller, address, action: 'report.download' as const, details, at: this.options.now() };
    return this.options.dataSource.transaction((manager) => recordAudit(manager, event));
  }

  private async officeName(id: string): Promise<string> {
    const [office] = isUuid(id)
      ? await this.options.dataSource.query<{ name: string }[]>('SELECT name FROM offices WHERE id = $1', [
          id,
        ])
      : [];
    if (office === undefined) throw noSuchOffice('officeId');
    return office.name;
  }

  private async rowIds(employeeIds: readonly string[]): Promise<string[]> {
    const wanted = [...new Set(employeeIds.map(folded))];
    if (!wanted.every((id) => EMPLOYEE_ID_PATTERN.test(id))) throw noSuchPeople();
    const rows = await this.options.dataSource.query<{ id: string }[]>(
      'SELECT id FROM employees WHERE employee_id_key = ANY($1::text[]) AND erased_at IS NULL ORDER BY id',
      [wanted],
    );
    if (rows.length < wanted.length) throw noSuchPeople();
    return rows.map(({ id }) => id);
  }

  /** @throws RollcallError BAD_USER_INPUT (format) if a sheet might not have room */
  private async checkRows(order: ReportOrder): Promise<void> {
    if (order.kind === 'MUSTER') return;
    const { statements } = this.options;
    const people = await countPeople(statements, { officeId: order.officeId, ids: order.employees }, order);
    // With the header.
    if (people * mostRows(order) >= MAX_XLSX_ROWS) {
      throw badInput('format', `XLSX has at most ${MAX_XLSX_ROWS} rows; choose CSV, or a shorter range`);
    }
  }
}

const noSuchPeople = (): RollcallError =>
  notFound('employeeIds', 'there is no employee with one of these employeeIds');

const invalidLink = (): RollcallError =>
  new RollcallError('FORBIDDEN', 'The link is not valid, or has expired; create another one');

function written(format: Format, texts: AsyncIterable<string>, order: ReportOrder): Readable {
  const pieces = fileOf(format, texts);
  return order.format === 'XLSX' ? xlsx(pieces) : Readable.from(pieces);
}

type Part = Pick<PersonText, 'text' | 'rows'>;

/** People whose text is sent at once: that of a batch as a whole would be megabytes. */
const PEOPLE_AT_ONCE = 25;

async function* partsOf(batches: AsyncIterable<readonly Part[]>): AsyncGenerator<Part> {
  for await (const people of batches) {
    for (let i = 0; i < people.length; i += PEOPLE_AT_ONCE) {
      const part = people.slice(i, i + PEOPLE_AT_ONCE);
      yield {
        text: part.map(({ text }) => text).join(''),
        rows: part.reduce((sum, { rows }) => sum + rows, 0),
      };
    }
  }
}

function fileNameOf({ kind, format, from, until }: ReportOrder, office: string | null): string {
  const range = kind === 'MUSTER' ? [from] : [from, until];
  // What no file system takes.
  const place = office === null ? [] : [office.replace(/[\\/:*?"<>|\p{Cc}]/gu, '_')];
  return `${[kind.toLowerCase().replaceAll('_', '-'), ...place, ...range].join(' ')}.${ENDINGS[format]}`;
}
