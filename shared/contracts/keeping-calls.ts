/** Calls about what keeps things safe and in order. */
import { storeCalls } from './store-calls.ts';

export const keepingCalls = { ...storeCalls } as const;
