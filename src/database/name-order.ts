/**
 * Sorts names by the Unicode Collation Algorithm without rules of a language: Álvaro is between Adams and Baker. Queries
 * name the collation, because databases are created with different ones.
 */
export const NAME_ORDER = 'COLLATE "und-x-icu"';
