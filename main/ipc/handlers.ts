/** What a handler of a call is: input that was checked, and who asks. */
import type { CallName, OutputOf, ParsedInputOf } from '../../shared/contracts/calls.ts';
import type { Caller } from '../services/caller.ts';

export type HandlersOf<Names extends CallName> = { readonly [N in Names]: (input: ParsedInputOf<N>, caller: Caller) => OutputOf<N> | Promise<OutputOf<N>> };
