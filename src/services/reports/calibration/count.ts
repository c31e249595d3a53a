/** A number as the report's sentences and tables have it: 12,345. */
export const count = (n: number): string => n.toLocaleString('en-US');
