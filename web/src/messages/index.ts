import type { Messages, Plural } from './messages';

const LANGUAGES = {
  en: () => import('./en').then(({ en: texts }): Messages => texts),
  es: () => import('./es').then(({ es }) => es),
  de: () => import('./de').then(({ de }) => de),
  fr: () => import('./fr').then(({ fr }) => fr),
  ar: () => import('./ar').then(({ ar }) => ar),
};

export type Language = keyof typeof LANGUAGES;

/** As each language calls itself, for the choice. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = {
  en: 'English',
  es: 'Español',
  de: 'Deutsch',
  fr: 'Français',
  ar: 'العربية',
};

const RIGHT_TO_LEFT: ReadonlySet<Language> = new Set(['ar']);

const isLanguage = (text: string): text is Language => Object.hasOwn(LANGUAGES, text);

/** ?lang=… first, then what the browser prefers. */
export function preferredLanguage(search: string, preferred: readonly string[]): Language {
  const wanted = [new URLSearchParams(search).get('lang') ?? '', ...preferred];
  return wanted.map((tag) => tag.toLowerCase().split('-')[0] ?? '').find(isLanguage) ?? 'en';
}

let current: { readonly language: Language; readonly messages: Messages } | null = null;

/** Loads the language of this page and sets it in the document. Before that nothing can be shown. */
export async function loadLanguage(): Promise<void> {
  const language = preferredLanguage(location.search, navigator.languages);
  current = { language, messages: await LANGUAGES[language]() };
  document.documentElement.lang = language;
  document.documentElement.dir = RIGHT_TO_LEFT.has(language) ? 'rtl' : 'ltr';
}

function loaded(): { readonly language: Language; readonly messages: Messages } {
  if (current === null) throw new Error('The language is not loaded yet');
  return current;
}

/** The texts of the page's language. */
export const texts = (): Messages => loaded().messages;
export const language = (): Language => loaded().language;

/** With the reader's region, by which times and numbers are written: en-GB has other clocks than en-US. */
export function locale(): string {
  const spoken = language();
  return navigator.languages.find((tag) => tag.toLowerCase().split('-')[0] === spoken) ?? spoken;
}

/** Puts values into a sentence. */
export const fill = (text: string, values: Readonly<Record<string, string | number>>): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : String(value);
  });

/** The sentence for a number. */
export function plural(forms: Plural, count: number): string {
  const rule = new Intl.PluralRules(language()).select(count);
  return fill(forms[rule] ?? forms.other, { count: new Intl.NumberFormat(locale()).format(count) });
}
