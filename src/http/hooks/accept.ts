/** One entry of an Accept or Accept-Language header. */
interface Wanted {
  readonly name: string;
  /** 0 to 1; 0: not acceptable. */
  readonly weight: number;
  readonly order: number;
}

/** The entries in their order. A weight that is no number from 0 to 1 counts as 0. */
function entriesOf(header: string): Wanted[] {
  return header
    .toLowerCase()
    .split(',')
    .map((entry, order) => {
      const [name = '', ...parameters] = entry.split(';').map((part) => part.trim());
      const weight = Number(parameters.find((each) => each.startsWith('q='))?.slice(2) ?? 1);
      return { name, weight: weight >= 0 && weight <= 1 ? weight : 0, order };
    });
}

interface Match extends Wanted {
  /** 2: the type itself, 1: `text/*`, 0: anything. */
  readonly precision: number;
}

/** The most precise entry decides about a type (RFC 9110, 12.5.1). */
function matchOf(type: string, entries: readonly Wanted[]): Match | null {
  const names = [[type], [`${type.split('/')[0]}/*`], ['*/*', '*']];
  for (const [index, alike] of names.entries()) {
    const found = entries.find(({ name }) => alike.includes(name));
    if (found !== undefined) return { ...found, precision: 2 - index };
  }
  return null;
}

/**
 * Whether a client prefers a page to JSON. It has to name HTML: curl and fetch send an Accept of anything, and get
 * JSON. Ties are decided as Apollo does at /graphql: the more precise entry wins, then the first.
 */
export function prefersHtml(accept: string | undefined): boolean {
  const entries = entriesOf(accept ?? '');
  const html = matchOf('text/html', entries);
  if (html === null || html.precision === 0 || html.weight === 0) return false;
  const json = matchOf('application/json', entries);
  if (json === null || html.weight !== json.weight) return html.weight > (json?.weight ?? 0);
  return html.precision === json.precision ? html.order < json.order : html.precision > json.precision;
}

/** The language of a list that an Accept-Language header prefers; regions are ignored. */
export function preferredLanguage<L extends string>(
  acceptLanguage: string | undefined,
  languages: readonly L[],
  otherwise: L,
): L {
  const wanted = entriesOf(acceptLanguage ?? '')
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight);
  for (const { name } of wanted) {
    const found = languages.find((language) => language === name.split('-')[0]);
    if (found !== undefined) return found;
  }
  return otherwise;
}
