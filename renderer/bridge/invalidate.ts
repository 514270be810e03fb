/** Has everything asked anew whose call's name begins so. */
import type { QueryClient } from '@tanstack/react-query';

export const invalidate = (queries: QueryClient, prefix: string): void =>
  void queries.invalidateQueries({ predicate: ({ queryKey }) => String(queryKey[0]).startsWith(prefix) });
