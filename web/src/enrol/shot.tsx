import { useEffect, useState } from 'preact/hooks';
import { fill, texts } from '../messages';
import type { FaceFault } from '../api';

export interface TakenPhoto {
  readonly blob: Blob;
  /** What the page, or later the server, says against it; null: nothing. */
  readonly fault: FaceFault | null;
}

/** A photo, and what is wrong with it. */
export function Shot({ photo, number }: { readonly photo: TakenPhoto | null; readonly number: number }) {
  const { enrol, kiosk } = texts();
  const [source, setSource] = useState<string | null>(null);
  const blob = photo?.blob ?? null;
  useEffect(() => {
    if (blob === null) return setSource(null);
    const url = URL.createObjectURL(blob);
    setSource(url);
    return () => URL.revokeObjectURL(url);
  }, [blob]);
  const name = fill(enrol.photoTaken, { number });
  if (photo === null || source === null) return <span class="empty">{enrol.poses[number - 1] ?? name}</span>;
  const { fault } = photo;
  return (
    <figure class={fault === null ? 'good' : 'bad'}>
      <img src={source} alt={name} />
      <figcaption>
        {fault === null ? enrol.good : `${kiosk.faceFaults[fault].title}. ${kiosk.faceFaults[fault].advice}`}
      </figcaption>
    </figure>
  );
}
