/** The path below which clients reach the service, without a slash at its end; empty: none. */
export const prefixOf = (publicUrl: string | null): string =>
  publicUrl === null ? '' : new URL(publicUrl).pathname.replace(/\/+$/, '');

/** The address as the routes know it: some proxies remove the path prefix, others keep it. */
export function withoutPrefix(url: string, prefix: string): string {
  if (prefix === '' || !url.startsWith(prefix)) return url;
  const rest = url.slice(prefix.length);
  if (rest === '') return '/';
  if (rest.startsWith('?')) return `/${rest}`;
  return rest.startsWith('/') ? rest : url;
}

/** A page whose links and files are below the prefix. */
export const prefixedPage = (html: string, prefix: string): string =>
  prefix === '' ? html : html.replaceAll(/( (?:href|src)=")\/(?!\/)/g, `$1${prefix}/`);

/** The same of a web app manifest, where each text that begins with a slash is an address. */
export const prefixedManifest = (manifest: string, prefix: string): string =>
  prefix === '' ? manifest : manifest.replaceAll(/: "\/(?!\/)/g, `: "${prefix}/`);
