/** Where the service is: below a path if PUBLIC_URL has one. Files are in /assets once built, and in /src during development. */
const ROOT = import.meta.url.replace(/^(.*)\/(?:assets|src)\/.*$/, '$1');

/** The path of an address of the service. @param path begins with a slash */
export const addressOf = (path: string): string => new URL(ROOT).pathname.replace(/\/$/, '') + path;
