/** Real: how the service reads Accept and Accept-Language. */
import { preferredLanguage, prefersHtml } from '../../src/http/hooks/accept';

describe('the Accept header decides between a page and JSON', () => {
  it.each([
    'text/html',
    'TEXT/HTML',
    'text/*',
    'text/html;charset=utf-8',
    'text/html;level=1;q=0.4',
    'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8',
    'text/html,*/*',
    '*/*,text/html',
    'text/html, application/json',
    'application/json;q=0.5, text/html',
    'text/html, application/json;q=0',
    'application/xhtml+xml, text/html;q=0.9, */*;q=0.1',
  ])('a page for: %s', (accept) => expect(prefersHtml(accept)).toBe(true));

  it.each([
    undefined,
    '',
    '*/*',
    '*',
    'application/json',
    'application/json, text/html',
    'application/json, */*;q=0.1',
    'application/graphql-response+json, application/json;q=0.9',
    'application/json, text/plain, */*',
    'text/html;q=0.5, application/json',
    'text/html;q=0.5, */*',
    'text/html;q=0',
    'text/html;q=2',
    'text/html;q=-1',
    'text/html;q=NaN',
    'text/html;q=x',
    'text/htmlx',
    'xtext/html',
    'text/plain',
    'image/avif,image/webp,*/*;q=0.8',
    ',;,q=1;;,',
    'text/html text/html',
  ])('JSON for: %s', (accept) => expect(prefersHtml(accept)).toBe(false));
});

describe('the Accept-Language header decides the language', () => {
  const languages = ['en', 'de', 'ar'] as const;

  it.each([
    [undefined, 'en'],
    ['', 'en'],
    ['*', 'en'],
    ['ja', 'en'],
    ['de', 'de'],
    ['DE-at', 'de'],
    ['en;q=0.3, ar;q=0.7, ja', 'ar'],
    ['de;q=0, ar;q=0.1', 'ar'],
    ['ja, de, en', 'de'],
    ['constructor, __proto__', 'en'],
  ])('%s: %s', (header, expected) => expect(preferredLanguage(header, languages, 'en')).toBe(expected));
});
