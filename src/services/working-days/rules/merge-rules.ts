import type { Rules } from '@rollcall/working-days';

type Fields = Readonly<Record<string, unknown>>;

/** Changes to rules, as a client gives them: what is undefined stays, also within a group. */
export type RuleChanges = { readonly [K in keyof Rules]?: Partial<Rules[K]> | null | undefined };

/** Groups of fields that are changed one by one. */
const GROUPS = ['rounding', 'breaks', 'overtime', 'limits'];

/** Of these null is a value: it turns something off. */
const NULLABLE = new Set([
  ...['weekly', 'restDays', 'holidays'],
  ...[
    'dayLongMinutes',
    'restShortMinutes',
    'weekLongMinutes',
    'weekLongReferenceWeeks',
    'continuousLongMinutes',
  ],
]);

const given = (changes: Fields): [string, unknown][] =>
  Object.entries(changes).filter(
    ([name, value]) => value !== undefined && (value !== null || NULLABLE.has(name)),
  );

/** The rules with changes in them. `openSpan` is replaced as a whole, since its fields depend on its mode. */
export function mergeRules(rules: Rules, changes: RuleChanges): Rules {
  const merged: Record<string, unknown> = { ...rules };
  for (const [name, value] of given(changes)) {
    merged[name] = GROUPS.includes(name)
      ? { ...(merged[name] as Fields), ...Object.fromEntries(given(value as Fields)) }
      : plain(value);
  }
  return merged as unknown as Rules;
}

/** Inputs are objects of classes, with undefined in what was left out. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown;
