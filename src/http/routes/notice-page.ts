import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { preferredLanguage } from '../hooks/accept';
import { NOTICES, type NoticeKind, type NoticeLanguage } from './notice-texts';
import { PAGE_HEADERS } from '../hooks/page-headers';
import { prefixedPage } from '../path-prefix';

const LANGUAGES = Object.keys(NOTICES) as NoticeLanguage[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');

/**
 * The page that a person gets instead of the JSON error for programs. It is made here, so that it needs no script and is
 * there without the built pages; their build adds the style. Nothing of the request is written into it.
 */
export class NoticePage {
  private readonly head: string;

  /**
   * @param webRoot the folder of the built pages
   * @param prefix the path of PUBLIC_URL
   */
  constructor(
    webRoot: string,
    private readonly prefix: string,
  ) {
    this.head = prefixedPage(headOf(webRoot), prefix);
  }

  send(
    request: FastifyRequest,
    reply: FastifyReply,
    {
      kind,
      detail,
    }: {
      readonly kind: NoticeKind;
      /** The message for API clients, in English; null: the notice's own text is enough. Never a part of the request. */
      readonly detail: string | null;
    },
  ): FastifyReply {
    const language = preferredLanguage(request.headers['accept-language'], LANGUAGES, 'en');
    const texts = NOTICES[language];
    const { title, advice } = texts[kind];
    const lines = [
      `<p>${escaped(advice)}</p>`,
      ...(detail === null ? [] : [`<p class="muted" lang="en" dir="ltr">${escaped(detail)}</p>`]),
      ...(kind === 'internal'
        ? [`<p class="muted">${escaped(texts.requestId)}: <code dir="ltr">${request.id}</code></p>`]
        : []),
    ];
    return reply
      .headers(PAGE_HEADERS)
      .header('content-language', language)
      .type('text/html; charset=utf-8')
      .send(
        `<!doctype html>
<html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}">
  <head>
    <meta charset="utf-8" />
    <title>Rollcall: ${escaped(title)}</title>
    ${this.head}
  </head>
  <body>
    <main class="desk sign-in">
      <div class="card">
        <h1>${escaped(title)}</h1>
        ${lines.join('\n        ')}
        <p><a href="${this.prefix}/">${escaped(texts.home)}</a></p>
      </div>
    </main>
  </body>
</html>
`,
      );
  }
}

/** Icon and style of the start page, as the build named them. Without a build there are none to load. */
function headOf(webRoot: string): string {
  const home = join(webRoot, 'home.html');
  const links = existsSync(home)
    ? (readFileSync(home, 'utf8').match(/<link rel="(?:icon|stylesheet)"[^>]*>/g) ?? [])
    : [];
  return [
    '<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />',
    '<meta name="color-scheme" content="light dark" />',
    '<meta name="robots" content="noindex" />',
    ...links,
  ].join('\n    ');
}
