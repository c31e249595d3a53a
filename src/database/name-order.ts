/**
 * How lists are sorted by name: as the Unicode Collation Algorithm does for no language in particular, Álvaro between
 * Adams and Baker. The collation is named, since that of the database is whatever somebody created it with.
 */
export const NAME_ORDER = 'COLLATE "und-x-icu"';
