/** Items in pages, one after the other as they are scrolled to. */
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import type { AppError } from '../../../shared/errors/app-error.ts';

interface ItemsPage<T> {
  readonly items: readonly T[];
  readonly total: number;
  readonly more: boolean;
}

export interface Pages<T> {
  /** undefined: not there yet. */
  readonly items: readonly T[] | undefined;
  readonly total: number;
  readonly error: AppError | null;
  readonly retry: () => void;
  /** Asks for the next page; undefined where there is none. */
  readonly onMore: (() => void) | undefined;
}

/** `ask` gets the index of the last item that is there. */
export function usePages<T extends { readonly index: number }>(key: readonly unknown[], ask: (after: number) => Promise<ItemsPage<T>>): Pages<T> {
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useInfiniteQuery<
    ItemsPage<T>,
    AppError,
    { pages: ItemsPage<T>[] },
    readonly unknown[],
    number
  >({
    queryKey: key,
    queryFn: ({ pageParam }) => ask(pageParam),
    initialPageParam: -1,
    getNextPageParam: ({ items, more }) => (more ? items.at(-1)?.index : undefined),
    placeholderData: keepPreviousData,
  });
  const more = (): void => {
    if (!isFetchingNextPage) void fetchNextPage();
  };
  return {
    items: data?.pages.flatMap(({ items }) => items),
    total: data?.pages[0]?.total ?? 0,
    error: data === undefined ? error : null,
    retry: () => void refetch(),
    onMore: hasNextPage ? more : undefined,
  };
}
