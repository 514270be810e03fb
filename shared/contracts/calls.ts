/**
 * The contract table: every call and every event between the core and whoever uses it. The window, the command line and the page's HTTP twin are
 * derived from it, and nothing crosses that is not in it.
 */
import type { z } from 'zod';
import { benchmarkCalls, benchmarkEvents } from './benchmark-calls.ts';
import type { CallRow } from './call.ts';
import { chatCalls, chatEvents } from './chat-calls.ts';
import { deploymentCalls, deploymentEvents, targetCalls } from './deployment-calls.ts';
import { comparisonCalls } from './comparison-calls.ts';
import { deskCalls } from './desk-calls.ts';
import { gateCalls } from './gate-calls.ts';
import { hanaCalls, hanaEvents } from './hana-calls.ts';
import { hostCalls } from './host-calls.ts';
import { keepingCalls } from './keeping-calls.ts';
import { registryCalls, registryEvents } from './registry-calls.ts';
import { runCalls, runEvents } from './run-calls.ts';
import { scheduleCalls, scheduleEvents } from './schedule-calls.ts';
import { shelfEvents } from './shelf-calls.ts';
import { syncEvents } from './sync-calls.ts';
import { tokenCalls } from './token-calls.ts';

/** Raised whenever a call or an event changes its meaning or shape. */
export const contractVersion = 4;

export const calls = {
  ...hostCalls,
  ...deskCalls,
  ...runCalls,
  ...registryCalls,
  ...benchmarkCalls,
  ...comparisonCalls,
  ...gateCalls,
  ...tokenCalls,
  ...keepingCalls,
  ...chatCalls,
  ...targetCalls,
  ...deploymentCalls,
  ...scheduleCalls,
  ...hanaCalls,
} as const satisfies Record<string, CallRow>;
export type Calls = typeof calls;
export type CallName = keyof Calls;
/** What a caller writes: fields with defaults may be left out. */
export type InputOf<N extends CallName> = z.input<Calls[N]['input']>;
/** What a handler gets: every value set. */
export type ParsedInputOf<N extends CallName> = z.output<Calls[N]['input']>;
export type OutputOf<N extends CallName> = z.output<Calls[N]['output']>;

export const coreEvents = {
  ...runEvents,
  ...registryEvents,
  ...benchmarkEvents,
  ...scheduleEvents,
  ...shelfEvents,
  ...chatEvents,
  ...deploymentEvents,
  ...hanaEvents,
  ...syncEvents,
} as const satisfies Record<string, z.ZodType>;
export type CoreEvents = typeof coreEvents;
export type CoreEventName = keyof CoreEvents;
export type CoreEvent = { readonly [N in CoreEventName]: { readonly event: N; readonly data: z.output<CoreEvents[N]> } }[CoreEventName];

export const isCallName = (name: string): name is CallName => Object.hasOwn(calls, name);
