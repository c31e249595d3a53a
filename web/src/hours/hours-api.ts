import {
  type ChangeFragment,
  CreateReportLinkDocument,
  type CreateReportLinkMutationVariables,
  type DayFragment,
  DecideCorrectionDocument,
  HoursCorrectionsDocument,
  type HoursCorrectionsQuery,
  HoursDaysDocument,
  type HoursDaysQuery,
  HoursMusterDocument,
  type HoursMusterQuery,
  HoursTimesheetDocument,
  type HoursTimesheetQuery,
  RequestCorrectionDocument,
  type RequestCorrectionMutationVariables,
  WithdrawCorrectionDocument,
} from '../generated/graphql';
import type { Transport } from '../shared/transport';

export type Day = DayFragment;
export type DayPage = HoursDaysQuery['workDays'];
export type Timesheet = HoursTimesheetQuery['timesheet'];
export type TimesheetDay = Timesheet['days'][number];
export type Muster = HoursMusterQuery['muster'];
export type MusterPerson = Muster['inside'][number];
export type Change = ChangeFragment;
export type ChangePage = HoursCorrectionsQuery['corrections'];
export type ReportInput = CreateReportLinkMutationVariables['input'];
type ChangeInput = RequestCorrectionMutationVariables['input'];

/** The selected days of one date. */
export interface DayWish {
  readonly date: string;
  readonly officeId: string | null;
  readonly status?: readonly Day['status'][];
  readonly flags?: readonly Day['flags'][number][];
}

/** As many as a page shows of each kind. */
const MOST = 50;

/** What the page of hours asks of the service. */
export class HoursApi {
  constructor(private readonly transport: Transport) {}

  async days({ date, officeId, status, flags }: DayWish): Promise<DayPage> {
    const filter = {
      ...{ from: date, until: date },
      ...(officeId === null ? {} : { officeId }),
      ...(status === undefined ? {} : { status: [...status] }),
      ...(flags === undefined ? {} : { flags: [...flags] }),
    };
    return (await this.transport.send(HoursDaysDocument, { filter, first: MOST })).workDays;
  }

  async timesheet(employeeId: string, from: string, until: string): Promise<Timesheet> {
    return (await this.transport.send(HoursTimesheetDocument, { employeeId, from, until })).timesheet;
  }

  async muster(officeId: string): Promise<Muster> {
    return (await this.transport.send(HoursMusterDocument, { officeId })).muster;
  }

  /** Corrections that wait for a decision. */
  async corrections(): Promise<ChangePage> {
    return (await this.transport.send(HoursCorrectionsDocument, { first: MOST })).corrections;
  }

  async request(input: ChangeInput): Promise<Change> {
    return (await this.transport.send(RequestCorrectionDocument, { input })).requestCorrection;
  }

  async decide(id: string, approve: boolean): Promise<void> {
    await this.transport.send(DecideCorrectionDocument, { input: { id, approve } });
  }

  async withdraw(id: string): Promise<void> {
    await this.transport.send(WithdrawCorrectionDocument, { id });
  }

  /** The address of a file, and its name. */
  async report(input: ReportInput): Promise<{ readonly url: string; readonly fileName: string }> {
    return (await this.transport.send(CreateReportLinkDocument, { input })).createReportLink;
  }
}
