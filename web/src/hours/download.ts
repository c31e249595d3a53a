import { PeopleCounter } from './people-counter';

/** How far a download is. */
export interface Progress {
  /** People whose rows have come; null: the format does not say. */
  readonly people: number | null;
  /** People in the whole file. */
  readonly total: number;
  readonly bytes: number;
}

/** The download broke off: what came is not the whole file. */
export class BrokenDownload extends Error {}

/**
 * Reads a report as it is made, and reports the progress.
 * @param address as createReportLink gave it
 * @param signal ends it, with an AbortError
 * @throws BrokenDownload
 */
export async function download(
  address: string,
  format: 'CSV' | 'XLSX' | 'JSON',
  signal: AbortSignal,
  onProgress: (progress: Progress) => void,
): Promise<Blob> {
  const { pathname, search } = new URL(address, location.href);
  try {
    // From where the page comes, whatever name the service has for itself.
    const response = await fetch(pathname + search, { signal, cache: 'no-store' });
    if (!response.ok || response.body === null) throw new BrokenDownload(String(response.status));
    const total = Number(response.headers.get('x-total-people'));
    const counter = format === 'XLSX' ? null : new PeopleCounter(format);
    const decoder = new TextDecoder();
    const pieces: Uint8Array<ArrayBuffer>[] = [];
    let bytes = 0;
    onProgress({ people: counter && 0, total, bytes });
    for (const reader = response.body.getReader(); ;) {
      const { done, value } = await reader.read();
      if (done) break;
      pieces.push(value);
      bytes += value.length;
      onProgress({ people: counter && counter.add(decoder.decode(value, { stream: true })), total, bytes });
    }
    return new Blob(pieces, { type: response.headers.get('content-type') ?? '' });
  } catch (error) {
    if (signal.aborted || error instanceof BrokenDownload) throw error;
    throw new BrokenDownload(String(error));
  }
}

/** Hands a file to the reader. */
export function save(file: Blob, fileName: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = fileName;
  link.click();
  // The browser has taken it over by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
