import { westernDigits } from '../shared/digits';

/** Reads the code of a badge with the browser's reader. Browsers without one load a library at the first use. */
type Read = (frame: ImageBitmap) => Promise<string | null>;

/** A valid employeeId. */
const EMPLOYEE_ID = /^[A-Za-z0-9._-]{1,64}$/;

export const isEmployeeId = (text: string): boolean => EMPLOYEE_ID.test(text);

/** Time limit of one look. There are about ten looks a second, so the next one reads a code that this one misses. */
const TIME_MS = 80;

let reader: Promise<Read> | null = null;

/** @returns the employeeId of the code in the frame; null: there is none */
export async function readBadge(frame: ImageBitmap): Promise<string | null> {
  reader ??= createReader();
  const code = await (await reader)(frame);
  const text = code === null ? null : westernDigits(code.trim());
  return text !== null && isEmployeeId(text) ? text : null;
}

async function createReader(): Promise<Read> {
  if ('BarcodeDetector' in globalThis && (await BarcodeDetector.getSupportedFormats()).includes('qr_code')) {
    const detector = new BarcodeDetector({ formats: ['qr_code'] });
    return async (frame) => (await detector.detect(frame))[0]?.rawValue ?? null;
  }
  const { default: decode } = await import('qr/decode.js');
  const canvas = document.createElement('canvas');
  return (frame) => {
    const scale = Math.min(1, 640 / Math.max(frame.width, frame.height));
    canvas.width = Math.round(frame.width * scale);
    canvas.height = Math.round(frame.height * scale);
    const context = canvas.getContext('2d', { willReadFrequently: true });
    if (context === null) return Promise.resolve(null);
    context.drawImage(frame, 0, 0, canvas.width, canvas.height);
    const image = context.getImageData(0, 0, canvas.width, canvas.height);
    try {
      return Promise.resolve(decode(image, { timeLimit: TIME_MS }));
    } catch {
      // There is no code, or none that can be read.
      return Promise.resolve(null);
    }
  };
}
