/** Three short signals that differ clearly by ear. */
export type Signal = 'good' | 'known' | 'bad';

/** Frequencies in hertz, one after the other. */
const NOTES: Readonly<Record<Signal, readonly number[]>> = {
  good: [659, 988],
  known: [659],
  bad: [262, 196],
};
const NOTE_SECONDS = 0.16;
const LOUDNESS = 0.18;

let context: AudioContext | null = null;

/** Browsers are silent until somebody has touched the page; a kiosk's can be configured otherwise (docs/guide/kiosk.md). */
export function play(signal: Signal): void {
  try {
    context ??= new AudioContext();
    const { currentTime, destination } = context;
    if (context.state === 'suspended') void context.resume().catch(() => undefined);
    NOTES[signal].forEach((frequency, i) => {
      const audio = context as AudioContext;
      const [oscillator, gain] = [audio.createOscillator(), audio.createGain()];
      const begin = currentTime + i * NOTE_SECONDS;
      oscillator.frequency.value = frequency;
      gain.gain.setValueAtTime(0, begin);
      gain.gain.linearRampToValueAtTime(LOUDNESS, begin + 0.02);
      gain.gain.exponentialRampToValueAtTime(0.001, begin + NOTE_SECONDS);
      oscillator.connect(gain).connect(destination);
      oscillator.start(begin);
      oscillator.stop(begin + NOTE_SECONDS);
    });
  } catch {
    // No sound device: colour, shape and words say the same.
  }
}
