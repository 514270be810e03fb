/** Finds the highest instruction set whose kernels run here, by running them in a process that may die of it. */
import { z } from 'zod';
import { AppError, isAppError } from '../../shared/errors/app-error.ts';
import { fromWireError } from '../../shared/errors/wire-error.ts';
import { Isa, isaLadder, isas } from '../../shared/domain/isa.ts';
import { computeEnvironment, FromProbe, ProbeAnswer } from '../../shared/contracts/compute-messages.ts';
import { describeExit } from './describe-exit.ts';
import type { ChildExit, Transport } from './transport.ts';

export const ProbeReport = z.object({
  answer: ProbeAnswer,
  /** Rungs that did not live through it, highest first. */
  fallen: z.array(z.object({ isa: Isa, reason: z.string() })),
});
export type ProbeReport = z.infer<typeof ProbeReport>;

interface ProbeParts {
  readonly transport: Transport;
  readonly entry: string;
  readonly timeoutMs?: number;
}

/** The cap that LATHE_ISA sets, if any. */
export function readIsaCap(environment: NodeJS.ProcessEnv = process.env): Isa | undefined {
  const name = environment[computeEnvironment.isa];
  if (name === undefined || name === '') return undefined;
  const cap = Isa.safeParse(name.toLowerCase());
  if (!cap.success) throw new AppError('ISA_UNKNOWN', { isa: name, known: isas.join(', ') });
  return cap.data;
}

/** Throws ADDON_UNUSABLE if even the reference kernels die, or what the probe itself reports (ADDON_MISSING). */
export async function probeEngine(parts: ProbeParts, cap: Isa | undefined, architecture: string = process.arch): Promise<ProbeReport> {
  const fallen: { isa: Isa; reason: string }[] = [];
  for (const isa of isaLadder(architecture, cap)) {
    const end = await tryRung(parts, isa);
    if ('answer' in end) return { answer: end.answer, fallen };
    fallen.push({ isa, reason: end.reason });
  }
  const last = fallen.at(-1);
  throw new AppError('ADDON_UNUSABLE', { reason: last?.reason ?? 'nothing to try', isa: last?.isa ?? 'ref' });
}

type RungEnd = { readonly answer: ProbeAnswer } | { readonly reason: string };

function tryRung({ transport, entry, timeoutMs = 60_000 }: ProbeParts, isa: Isa): Promise<RungEnd> {
  return new Promise((resolve, reject) => {
    let trying = 'starting';
    let answer: ProbeAnswer | undefined;
    let failure: AppError | undefined;
    let isLate = false;
    const said: string[] = [];
    const child = transport.start(
      entry,
      { [computeEnvironment.isa]: isa },
      {
        onMessage: (raw) => {
          const message = FromProbe.safeParse(raw).data;
          if (message?.type === 'trying') trying = message.kernel;
          if (message?.type === 'answer') answer = message.answer;
          if (message?.type === 'failed') failure = fromWireError(message.error);
        },
        onOutput: (line) => said.push(line),
        onExit: (exit) => {
          clearTimeout(timer);
          if (failure !== undefined) return reject(failure);
          // An answer counts only from a process that also ended well: unloading the addon is part of the trial.
          if (answer !== undefined && exit.code === 0) return resolve({ answer });
          resolve({ reason: `${trying}: ${isLate ? `no answer in ${timeoutMs / 1000} s` : reasonOf(exit, said)}` });
        },
      },
    );
    const timer = setTimeout(() => {
      isLate = true;
      child.kill();
    }, timeoutMs);
  });
}

const reasonOf = (exit: ChildExit, said: readonly string[]): string =>
  exit.signal === null && said.length > 0 ? `${describeExit(exit)}, ${said.slice(0, 3).join(' ')}` : describeExit(exit);

export const isEngineMissing = (error: unknown): boolean => isAppError(error, 'ADDON_MISSING') || isAppError(error, 'ADDON_UNUSABLE');
