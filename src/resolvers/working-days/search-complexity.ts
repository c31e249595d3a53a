/** One at a time of a requester: what nobody has is looked for in all days of all people. */
export const SEARCH_COMPLEXITY = 5001;
