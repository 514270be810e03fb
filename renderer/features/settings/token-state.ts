/** Whether an access token still lets anybody in, and when a new one will end. */
import type { Token } from '../../../shared/contracts/token-calls.ts';

export type TokenState = 'live' | 'expired' | 'revoked';

export function tokenState({ revoked, expires }: Pick<Token, 'revoked' | 'expires'>, now: Date): TokenState {
  if (revoked !== null) return 'revoked';
  return expires !== null && Date.parse(expires) <= now.getTime() ? 'expired' : 'live';
}

/** Days, as a choice holds them. */
export type Expiry = '30' | '90' | '365' | 'never';
export const expiries: readonly Expiry[] = ['30', '90', '365', 'never'];

const dayMs = 86_400_000;

export const expiresAt = (expiry: Expiry, now: Date): string | null =>
  expiry === 'never' ? null : new Date(now.getTime() + Number(expiry) * dayMs).toISOString();
