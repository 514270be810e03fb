/** Calls about access tokens: who may come in through the public door, and as what. */
import { z } from 'zod';
import { Role } from '../domain/role.ts';
import { call } from './call.ts';

/** Shown in lists and audit rows: nothing a terminal or a page could take for more than text. */
export const TokenName = z.string().regex(/^[\w][\w .@-]{0,63}$/, { error: 'must be 1 to 64 letters, digits, spaces or any of . _ @ -' });

export const Token = z.object({
  id: z.string(),
  name: TokenName,
  role: Role,
  created: z.iso.datetime(),
  expires: z.iso.datetime().nullable(),
  /** To the minute. */
  last_used: z.iso.datetime().nullable(),
  revoked: z.iso.datetime().nullable(),
});
export type Token = z.infer<typeof Token>;

export const NewToken = Token.extend({
  /** The token itself, shown this once: only its hash is kept. */
  token: z.string(),
});
export type NewToken = z.infer<typeof NewToken>;

export const tokenCalls = {
  'tokens.create': call({
    does: 'make an access token; its text is answered this once and kept nowhere',
    role: 'admin',
    secret: true,
    input: z.strictObject({ name: TokenName, role: Role, expires: z.iso.datetime().nullable().default(null) }),
    output: NewToken,
  }),
  'tokens.list': call({
    does: 'access tokens, newest first, revoked ones too',
    role: 'admin',
    input: z.strictObject({}),
    output: z.object({ tokens: z.array(Token) }),
  }),
  'tokens.revoke': call({
    does: 'end an access token, by its id or name; streams it opened end with it',
    role: 'admin',
    input: z.strictObject({ token: z.string().min(1).max(64) }),
    output: Token,
  }),
} as const;
