export { DEFAULT_RULES } from '#src/rules';
export type * from '#src/types';
