import type { en } from './en';

/** A sentence for each plural form of the language. */
export type Plural = { readonly other: string } & { readonly [rule in Intl.LDMLPluralRule]?: string };

type Texts<T> = T extends { readonly one: string; readonly other: string }
  ? Plural
  : T extends readonly string[]
    ? readonly string[]
    : T extends string
      ? string
      : { readonly [key in keyof T]: Texts<T[key]> };

/** What a language has to say; English has all of it. */
export type Messages = Texts<typeof en>;
