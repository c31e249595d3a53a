/** What an operator can act on; printed without a stack. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError';
}
