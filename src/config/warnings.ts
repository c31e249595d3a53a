import type { Config } from './config';

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
    [open, 'Open: everybody on this machine may use the service, since ADMIN_API_KEY is not set'],
    [
      open && http.publicUrl !== null,
      'PUBLIC_URL is set: through a proxy everybody who reaches it may use the service too. Set ADMIN_API_KEY',
    ],
    [
      production && http.trustProxy === null && http.publicUrl?.startsWith('https:') === true,
      'PUBLIC_URL is https and TRUST_PROXY is not set: every client seems to have the address of the proxy, and they ' +
        'share its rate limit. Set TRUST_PROXY to how many proxies stand in front',
    ],
    [
      !open && photos.media.access === 'public',
      'MEDIA_ACCESS=public: whoever knows or guesses the address of a photo can see it',
    ],
    [
      production && faces.descriptorTrust === 'client',
      "FACE_DESCRIPTOR_TRUST=client: the client's descriptor decides, and nothing ties it to the photo. Whoever has an " +
        'API key and a stolen descriptor can punch for its owner. Set FACE_DESCRIPTOR_TRUST to server or verify',
    ],
    [
      production && checks.replayWindowDays === 0,
      'REPLAY_WINDOW_DAYS=0: a photo that was sent once is taken again. 90 is recommended in production',
    ],
  ];
  const warnings: Warning[] = said.flatMap(([holds, text]) => (holds ? [{ level: 'warn', text }] : []));
  if (encryption !== null) return warnings;
  const text =
    'ENCRYPTION_KEY is not set: face templates and photos are stored unencrypted. Make a key with: openssl rand -hex 32';
  return [...warnings, { level: production ? 'warn' : 'info', text }];
}
