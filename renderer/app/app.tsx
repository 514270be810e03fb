/** The page put together: the core, what is known of it, the router. */
import { QueryClientProvider, type QueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { RouterProvider } from 'react-router';
import { CoreContext, newQueryClient, type Core } from '../bridge/core-context.tsx';
import { followEvents } from '../bridge/follow-events.ts';
import { newRouter } from './routes.tsx';
import { tellTheme } from './theme.ts';

export function App({ core }: { readonly core: Core }) {
  const [queries] = useState<QueryClient>(newQueryClient);
  const [router] = useState(newRouter);
  useEffect(() => followEvents(core.client, queries), [core, queries]);
  useEffect(() => (core.shell === null ? undefined : tellTheme(core.shell)), [core]);
  return (
    <CoreContext value={core}>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </CoreContext>
  );
}
