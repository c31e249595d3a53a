/** Clockwise from the top, where a clock begins. */
const OVAL = 'M50 7a44 58 0 0 1 0 116a44 58 0 0 1 0 -116';
const SHADE = `M-900 -900h1900v1930h-1900zM50 7a44 58 0 0 0 0 116a44 58 0 0 0 0 -116z`;

/** The outline for the face. Its line closes while the face holds still. */
export function Outline({ progress, tone }: { readonly progress: number; readonly tone: 'idle' | 'found' }) {
  return (
    <svg class={`outline ${tone}`} viewBox="0 0 100 130" aria-hidden="true">
      <path class="shade" d={SHADE} fill-rule="evenodd" />
      <path class="track" d={OVAL} pathLength={1} />
      <path class="progress" d={OVAL} pathLength={1} stroke-dasharray="1" stroke-dashoffset={1 - progress} />
    </svg>
  );
}
