import { westernDigits } from '../shared/digits';

/** Reads the code of a badge. The browser's own reader where it has one, else a library, loaded when first needed. */
type Read = (frame: ImageBitmap) => Promise<string | null>;

/** What a badge may say: an employeeId as the service has them. */
const EMPLOYEE_ID = /^[A-Za-z0-9._-]{1,64}$/;

export const isEmployeeId = (text: string): boolean => EMPLOYEE_ID.test(text);

/** For one look, of which there are some ten a second; a code that is not read in that is read in the next. */
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
