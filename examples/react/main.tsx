/** A page with the button, to try it: npx vite examples/react */
import { type ReactElement, StrictMode, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { PunchButton } from './PunchButton.tsx';

const url = (import.meta.env['VITE_ROLLCALL_URL'] as string | undefined) ?? 'http://localhost:4000/graphql';

function App(): ReactElement {
  const [key, setKey] = useState('');
  return (
    <main>
      <h1>Punch</h1>
      <p>
        <label>
          Key (empty for an open service){' '}
          <input
            type="password"
            autoComplete="off"
            value={key}
            onChange={({ target }) => setKey(target.value)}
          />
        </label>
      </p>
      <PunchButton url={url} credential={key === '' ? undefined : key} />
    </main>
  );
}

createRoot(document.body.appendChild(document.createElement('div'))).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
