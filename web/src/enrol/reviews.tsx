import { useCallback, useEffect, useState } from 'preact/hooks';
import type { Api, ReviewPage } from '../api';
import { plural, texts } from '../messages';
import { ReviewCard } from './review-card';

interface Props {
  readonly api: Api;
  readonly onCount: (count: number) => void;
}

/** Saved punches that HR has to decide about, with their photos. */
export function Reviews({ api, onCount }: Props) {
  const { enrol, common } = texts();
  const [page, setPage] = useState<ReviewPage | null>(null);
  const load = useCallback(async (): Promise<void> => {
    const found = await api.reviewItems(null);
    setPage(found);
    onCount(found.totalCount);
  }, [api, onCount]);
  useEffect(() => void load().catch(() => undefined), [load]);

  const more = async (): Promise<void> => {
    if (page === null) return;
    const next = await api.reviewItems(page.pageInfo.endCursor);
    setPage({ ...next, nodes: [...page.nodes, ...next.nodes] });
  };

  return (
    <section class="card reviews" aria-label={enrol.reviews.title}>
      <h2>{enrol.reviews.title}</h2>
      <p class="muted">{enrol.reviews.text}</p>
      <p role="status">
        {page === null
          ? common.loading
          : page.totalCount === 0
            ? enrol.reviews.none
            : plural(enrol.reviews.count, page.totalCount)}
      </p>
      <ul>
        {page?.nodes.map((item) => (
          <li key={item.id}>
            <ReviewCard api={api} item={item} onDecided={() => void load()} />
          </li>
        ))}
      </ul>
      {page?.pageInfo.hasNextPage === true && <button onClick={() => void more()}>{common.more}</button>}
    </section>
  );
}
