import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { texts } from '../messages';
import { westernDigits } from '../shared/digits';
import { isEmployeeId } from './qr';

/** The form closes after this time without input, for the next person. */
const ABANDONED_MS = 30_000;

interface Props {
  readonly onNumber: (employeeId: string) => void;
  readonly onCancel: () => void;
}

/** The number that the next check is for. */
export function NumberForm({ onNumber, onCancel }: Props) {
  const { kiosk, common } = texts();
  const [text, setText] = useState('');
  const [refused, setRefused] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  // Before the next key is pressed.
  useLayoutEffect(() => input.current?.focus(), []);
  useEffect(() => {
    const timer = setTimeout(onCancel, ABANDONED_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <form
      class="number card"
      onKeyDown={({ key }) => key === 'Escape' && onCancel()}
      onSubmit={(event) => {
        event.preventDefault();
        const number = westernDigits(text.trim());
        if (isEmployeeId(number)) onNumber(number);
        else setRefused(true);
      }}
    >
      <label>
        {common.employeeId}
        <input
          ref={input}
          value={text}
          onInput={({ currentTarget }) => setText(currentTarget.value)}
          autocomplete="off"
          spellcheck={false}
          dir="ltr"
          maxLength={64}
          aria-describedby="number-problem"
          aria-invalid={refused}
        />
      </label>
      <p id="number-problem" class="problem" role="alert">
        {refused && kiosk.numberInvalid}
      </p>
      <div class="ways">
        <button class="primary">{kiosk.continue}</button>
        <button type="button" onClick={onCancel}>
          {common.cancel}
        </button>
      </div>
    </form>
  );
}
