/** A date without a zone: YYYY-MM-DD. */
export type LocalDate = string;
/** A wall clock without a zone: HH:MM, or HH:MM:SS of which the seconds are cut off. */
export type LocalTime = string;
/** Milliseconds since 1970-01-01T00:00Z. */
export type Instant = number;
