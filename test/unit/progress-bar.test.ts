import { ProgressBar } from '../../src/cli/progress-bar';

/** What three steps print. */
function printed(isTTY: boolean): string {
  let text = '';
  const bar = new ProgressBar({ isTTY, write: (more: string) => (text += more) });
  bar.begin(3);
  for (const what of ['Office', 'Monday', 'Monday']) bar.step(what);
  bar.end();
  return text;
}

it('a bar is redrawn in its line on a terminal', () => {
  const lines = printed(true).split('\r\x1b[2K');
  expect(lines).toEqual([
    '',
    '[##########....................] 1/3 Office',
    '[####################..........] 2/3 Monday',
    '[##############################] 3/3 Monday\n',
  ]);
});

it('if there is no terminal each thing has a line', () => {
  expect(printed(false)).toBe('Office\nMonday\n');
});
