import { useEffect, useState } from 'preact/hooks';
import type { Api } from '../api';

/** A photo of the service, which wants the key: fetched with it and shown from memory. */
export function Photo({
  api,
  address,
  alt,
}: {
  readonly api: Api;
  readonly address: string | null;
  readonly alt: string;
}) {
  const [source, setSource] = useState<string | null>(null);
  useEffect(() => {
    if (address === null) return;
    let url: string | null = null;
    let wanted = true;
    api.photo(address).then(
      (blob) => {
        if (!wanted) return;
        url = URL.createObjectURL(blob);
        setSource(url);
      },
      () => undefined,
    );
    return () => {
      wanted = false;
      if (url !== null) URL.revokeObjectURL(url);
      setSource(null);
    };
  }, [api, address]);
  return source === null ? (
    <span class="photo" role="img" aria-label={alt} />
  ) : (
    <img class="photo" src={source} alt={alt} />
  );
}
