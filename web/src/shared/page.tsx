import { type ComponentChild, render } from 'preact';
import { language, LANGUAGE_NAMES, loadLanguage, texts } from '../messages';
import './base.css';

/** Shows a page in the requested language. */
export async function show(page: () => ComponentChild): Promise<void> {
  await loadLanguage();
  const place = document.getElementById('page');
  if (place === null) throw new Error('The page has no place for its content');
  render(page(), place);
}

/** The choice of language: the same page again, with ?lang. */
export function LanguageChoice() {
  return (
    <label class="language">
      <span class="hidden">{texts().common.languages}</span>
      <select
        value={language()}
        onChange={({ currentTarget }) => {
          const address = new URL(location.href);
          address.searchParams.set('lang', currentTarget.value);
          location.replace(address);
        }}
      >
        {Object.entries(LANGUAGE_NAMES).map(([tag, name]) => (
          <option key={tag} value={tag} lang={tag}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
