import { LOOPBACK, type Config } from './config';

interface Warning {
  readonly level: 'info' | 'warn';
  readonly text: string;
}

/** What an operator should know about a configuration that is valid: who gets in, who could read what is stored. */
export function warningsOf({
  production,
  http,
  access,
  photos,
  encryption,
  faces,
  checks,
}: Config): Warning[] {
  const open = access.adminApiKey === null;
  const said: [boolean, string][] = [
    [open, 'ADMIN_API_KEY is not set: everybody on this machine can use the service'],
    [
      open && http.publicUrl !== null,
      'PUBLIC_URL is set without ADMIN_API_KEY: everybody who reaches the proxy can use the service. Set ADMIN_API_KEY',
    ],
    [
      http.publicUrl === null && (http.trustProxy !== null || !LOOPBACK.has(http.host)),
      `PUBLIC_URL is not set: links to photos and exports begin with http://localhost:${http.port}, which only this ` +
        'machine can open. Set PUBLIC_URL to the URL that clients use',
    ],
    [
      production && http.trustProxy === null && http.publicUrl?.startsWith('https:') === true,
      'PUBLIC_URL is https, but TRUST_PROXY is not set: all clients appear with the address of the proxy and share one ' +
        'rate limit. Set TRUST_PROXY to the number of proxies',
    ],
    [
      !open && photos.media.access === 'public',
      'MEDIA_ACCESS=public: everybody who knows or guesses the URL of a photo can see it',
    ],
    [
      production && faces.descriptorTrust === 'client' && faces.workers > 0,
      'FACE_DESCRIPTOR_TRUST=client: the service does not verify that the descriptor belongs to the photo. With an API ' +
        'key and a stolen descriptor, an attacker can punch for its owner. Set FACE_DESCRIPTOR_TRUST to server or verify',
    ],
    [
      production && checks.replayWindowDays === 0,
      'REPLAY_WINDOW_DAYS=0: the same photo can be sent again. 30 is recommended in production',
    ],
    [
      faces.workers === 0,
      'FACE_WORKERS=0: the service does not look at photos. Clients must send descriptors, which the pages of this ' +
        'service do not compute. The kiosk and the enrolment desk do not work',
    ],
  ];
  const warnings: Warning[] = said.flatMap(([holds, text]) => (holds ? [{ level: 'warn', text }] : []));
  if (encryption !== null) return warnings;
  const text =
    'ENCRYPTION_KEY is not set: face templates and photos are stored unencrypted. Make a key with: openssl rand -hex 32';
  return [...warnings, { level: production ? 'warn' : 'info', text }];
}
