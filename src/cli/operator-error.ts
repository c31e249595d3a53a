/** An error that an operator can act on. It is printed without a stack. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError';
}
