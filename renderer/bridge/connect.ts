/** Finds out where the page is shown: in the window, whose preload script left a bridge, or in a browser. */
import type { PageBridge } from '../../shared/contracts/page-bridge.ts';
import type { Core } from './core-context.tsx';
import { httpClient } from './http-client.ts';
import { windowClient } from './window-client.ts';

declare global {
  interface Window {
    readonly lathe?: PageBridge;
  }
}

export function connect(): Core {
  const shell = window.lathe ?? null;
  return shell === null ? { client: httpClient(location.origin), shell } : { client: windowClient(shell), shell };
}
