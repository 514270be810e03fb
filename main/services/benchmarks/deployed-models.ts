/** Models that answer at a target, as subjects of benchmarks: who answers there under a name, what may be put to it, and the asking. */
import type { BenchmarkQuestion, BenchmarkReply } from '../../../shared/domain/benchmark-question.ts';
import type { BenchmarkRequest, BenchmarkSubject } from '../../../shared/domain/benchmark-run.ts';
import type { BenchmarkTask } from '../../../shared/domain/benchmark-task.ts';
import type { DeployedName } from '../../../shared/domain/deployed-name.ts';
import type { Target } from '../../../shared/domain/target.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { Store } from '../../store/store.ts';
import type { OpenTarget } from '../deploy/steps/step-act.ts';
import type { TargetDriver } from '../deploy/target-driver.ts';

export interface DeployedModelsParts {
  readonly store: Pick<Store, 'targets'>;
  readonly open: (target: Target) => Promise<OpenTarget>;
}

/** Who answers now: one of the server's own models, so that a name that moves meanwhile mixes nothing. */
export interface Answering {
  readonly server: string;
  readonly model: string;
  ask(question: BenchmarkQuestion, signal: AbortSignal): Promise<BenchmarkReply>;
}

const lookMs = 20_000;

export class DeployedModels {
  readonly #parts: DeployedModelsParts;

  constructor(parts: DeployedModelsParts) {
    this.#parts = parts;
  }

  /** Throws DEPLOY_TARGET_UNKNOWN, MODEL_NOT_SERVED, REMOTE_*. */
  async subject(name: DeployedName): Promise<BenchmarkSubject> {
    const signal = AbortSignal.timeout(lookMs);
    await this.answering(name, signal).catch((error: unknown) => {
      throw signal.aborted
        ? new AppError('REMOTE_UNREACHABLE', { server: name.target, problem: `nothing within ${lookMs / 1_000} s` }, { cause: error })
        : error;
    });
    const target = { name: name.target, model: name.model };
    return { label: `${name.target}/${name.model}`, kind: 'deployed', model: null, adapter: null, version: null, target };
  }

  /** At the target's first server. Throws DEPLOY_TARGET_UNKNOWN, MODEL_NOT_SERVED, REMOTE_*. */
  async answering({ target, model: name }: DeployedName, signal: AbortSignal): Promise<Answering> {
    const driver = await this.#driver(target);
    const { models, aliases } = await driver.state({ signal });
    const model = aliases.get(name) ?? name;
    if (!models.includes(model)) throw new AppError('MODEL_NOT_SERVED', { model: name, known: [...aliases.keys(), ...models].join(', ') || 'nothing yet' });
    return { server: driver.server, model, ask: (question, stop) => ask({ driver, model }, question, stop) };
  }

  /** Throws DEPLOYED_TASK_UNFIT for the first task that this server cannot be scored on as it is asked for. */
  async requireFit({ target, label }: BenchmarkSubject, tasks: readonly BenchmarkTask[], { chat_template: asChat }: BenchmarkRequest): Promise<void> {
    if (target === null) return;
    const driver = await this.#driver(target.name);
    const canScore = driver.callsOf('score').length > 0;
    for (const task of tasks) {
      const problem = problemOf(task, { asChat, canScore });
      if (problem !== null) throw new AppError('DEPLOYED_TASK_UNFIT', { task: task.name, subject: label, problem, fit: canScore ? both : writtenOnly });
    }
  }

  async #driver(name: string): Promise<TargetDriver> {
    const { target } = this.#parts.store.targets.get(name);
    const [driver] = (await this.#parts.open(target)).drivers.values();
    if (driver === undefined) throw new AppError('DEPLOY_TARGET_UNKNOWN', { target: name });
    return driver;
  }
}

const writtenOnly = 'tasks of exact match, a JSON field or a regular expression with --chat-template';
const both = `${writtenOnly}, multiple choice without it`;

function problemOf({ kind }: BenchmarkTask, { asChat, canScore }: { readonly asChat: boolean; readonly canScore: boolean }): string | null {
  if (kind === 'perplexity') return 'no call of a server tells how likely a text is';
  if (kind !== 'multiple_choice') return asChat ? null : 'it is asked by its chat call, which has the chat template around every prompt';
  if (!canScore) return 'it has no call that tells how likely a choice is';
  return asChat ? 'its scoring call takes the prompt as it is, without a chat template' : null;
}

/** Throws REMOTE_*, DEPLOYED_TASK_UNFIT. */
async function ask({ driver, model }: { driver: TargetDriver; model: string }, question: BenchmarkQuestion, signal: AbortSignal): Promise<BenchmarkReply> {
  if (question.kind === 'written') {
    const { turns, max_tokens: maxTokens, stop } = question;
    const { text } = await driver.chat({ model, messages: turns, maxTokens, temperature: 0, stop }, { signal });
    return { index: question.index, text };
  }
  const { index, prompt, candidates } = question;
  const found = await driver.score({ model, prompt, candidates }, { signal });
  if (found !== null) return { index, log_probs: [...found] };
  const problem = 'its configuration there does not allow the scoring call (known_usecases)';
  throw new AppError('DEPLOYED_TASK_UNFIT', { task: 'Multiple choice', subject: `${driver.server}: ${model}`, problem, fit: writtenOnly });
}
