/** The user whose process this is: whoever can start it here, or read the local door's secret, may do everything. */
import { hostname, userInfo } from 'node:os';
import type { Caller } from '../services/caller.ts';

export const thisUser = (): Caller => ({
  actor: { user: userInfo().username, host: hostname(), token: null },
  role: 'admin',
});
