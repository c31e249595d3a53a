/**
 * Everything comes from this service: a page in front of which people stand with their faces asks nobody else for
 * anything. WebAssembly has to be compiled, and that is all of eval that there is.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const PERMISSIONS = [
  'camera=(self)',
  'geolocation=(self)',
  'screen-wake-lock=(self)',
  'autoplay=(self)',
  'fullscreen=(self)',
  'microphone=()',
  'payment=()',
  'usb=()',
].join(', ');

/** Of every page, whether it was built or is made for the occasion. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': POLICY,
  'permissions-policy': PERMISSIONS,
  'x-content-type-options': 'nosniff',
};
