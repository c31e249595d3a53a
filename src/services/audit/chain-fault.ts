/** An error in the audit trail, and its place. */
export interface ChainFault {
  /** The first sequence number that it is about. */
  readonly sequence: number;
  readonly message: string;
}
