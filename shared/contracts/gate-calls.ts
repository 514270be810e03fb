/** Calls about the gate: the rules that a version must meet before it is approved. */
import { z } from 'zod';
import { GateRules } from '../domain/gates-config.ts';
import { GateVerdict } from '../domain/gate-verdict.ts';
import { VersionKey } from '../domain/version.ts';
import { call } from './call.ts';

export const gateCalls = {
  'gates.get': call({
    does: 'the rules that hold for versions of a name',
    role: 'viewer',
    /** null: those of every name that has none of its own. */
    input: z.strictObject({ name: z.string().min(1).max(200).nullable().default(null) }),
    output: z.object({ gates: GateRules, own: z.boolean() }),
  }),
  'gates.set': call({
    does: 'set the rules for versions of a name, or of every name; null: no own ones',
    role: 'deployer',
    input: z.strictObject({ name: z.string().min(1).max(200).nullable().default(null), gates: GateRules.nullable() }),
    output: z.object({ gates: GateRules, own: z.boolean() }),
  }),
  'gates.evaluate': call({
    does: 'what the rules say of a version, from the scores that there are',
    role: 'viewer',
    /** `gates`: other rules than those that are set. */
    input: VersionKey.extend({ gates: GateRules.nullable().default(null) }),
    output: GateVerdict,
  }),
} as const;
export type GateCallName = keyof typeof gateCalls;
