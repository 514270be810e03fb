/** Calls about what keeps things safe and in order. */
import { auditCalls } from './audit-calls.ts';
import { secretCalls } from './secret-calls.ts';
import { settingCalls } from './setting-calls.ts';
import { shelfCalls } from './shelf-calls.ts';
import { storeCalls } from './store-calls.ts';
import { syncCalls } from './sync-calls.ts';

export const keepingCalls = { ...storeCalls, ...auditCalls, ...settingCalls, ...shelfCalls, ...secretCalls, ...syncCalls } as const;
