/**
 * The training of one run, as a story: for each step, rows → forward → loss → backward → clip → AdamW; now and then evaluate, sample,
 * save. Everything that decides the bits of the result is in the run's choices, its seed and its state, and nothing else is.
 */
import type { ResolvedTrainingConfig } from '../../shared/domain/training-config.ts';
import type { RunChoices } from '../../shared/domain/run-record.ts';
import { AppError, isAppError } from '../../shared/errors/app-error.ts';
import { layoutRows } from '../data/layout-rows.ts';
import type { RenderedRow, StepBatch } from '../data/types.ts';
import { generateText } from '../inference/generate.ts';
import { encodePrompt } from '../inference/encode-prompt.ts';
import { scoreRows } from '../inference/score.ts';
import { clipFactor, gradientNorm } from './adamw.ts';
import { checkpointPath, problemOf, pruneCheckpoints, restoreParameters, writeCheckpoint, type RunState } from './checkpoint.ts';
import { activationType, trainingTypes } from '../tensor/engine-setup.ts';
import { loadAddon } from '../tensor/load-addon.ts';
import { accumulateGradients } from './gradients.ts';
import { breathe, type JobContext } from '../inference/job-context.ts';
import type { RunData } from './run-data.ts';
import type { RunFolder } from './run-folder.ts';
import { learningRateAt } from './schedule.ts';
import type { Trainee } from './trainee.ts';

export interface TrainerParts {
  readonly folder: RunFolder;
  readonly trainee: Trainee;
  readonly data: RunData;
  readonly config: ResolvedTrainingConfig;
  readonly choices: RunChoices;
  readonly context: JobContext;
  /** How the user goes on after a stop. */
  readonly resumeCommand: string;
}

export const freshState: RunState = {
  step: 0,
  position: { epoch: 0, row: 0 },
  microBatches: 0,
  tokens: 0,
  seconds: 0,
  lastLoss: 0,
  best: null,
  evaluationsWithoutGain: 0,
};

export class Trainer {
  readonly #parts: TrainerParts;
  #state: RunState;
  /** Step of the newest checkpoint, -1 before the first. */
  #savedStep: number;
  readonly #startedAt = performance.now();
  /** Time spent waiting, which is nobody's speed. */
  #pausedMs = 0;
  /** Where this part of the run began. */
  readonly #before: RunState;

  constructor(parts: TrainerParts, state: RunState) {
    this.#parts = parts;
    this.#state = state;
    this.#savedStep = state.step === 0 ? -1 : state.step;
    this.#before = state;
  }

  get state(): RunState {
    return this.#state;
  }

  /** Trains to the end and leaves the best weights in the model. Throws CANCELLED after a checkpoint, LOSS_NOT_FINITE. */
  async run(): Promise<RunState> {
    const { config, choices } = this.#parts;
    const { training } = config;
    await this.#breathe();
    while (this.#state.step < choices.total_steps && !this.#isExhausted()) {
      await this.#step();
      const { step } = this.#state;
      const isLast = step === choices.total_steps;
      const isBest = (isLast || step % training.eval_steps === 0) && (await this.#evaluate());
      if (training.sample_steps !== null && !isLast && step % training.sample_steps === 0) await this.#sample();
      if (isBest || isLast || step % training.save_steps === 0) await this.#save();
      if (this.#parts.context.signal.aborted && !isLast) await this.#cancel();
    }
    await this.#restoreBest();
    await this.#sample();
    return this.#state;
  }

  /** One optimizer step: the gradients of batch_size × gradient_accumulation rows, in micro-batches. */
  async #step(): Promise<void> {
    const { trainee, data, config, choices } = this.#parts;
    const { training } = config;
    const started = this.#workedMs();
    const batch = data.loader.read(this.#state.position);
    trainee.optimizer.zeroGrad();
    const { loss, microBatches } = await this.#accumulate(batch);
    const norm = gradientNorm(trainee.parameters);
    const step = this.#state.step + 1;
    if (!Number.isFinite(loss) || !Number.isFinite(norm)) this.#refuse(step, Number.isFinite(loss) ? norm : loss);
    const schedule = { peak: training.learning_rate, warmupSteps: choices.warmup_steps, totalSteps: choices.total_steps, shape: training.schedule };
    const learningRate = learningRateAt(this.#state.step, schedule);
    trainee.optimizer.step({ step, learningRate, gradScale: clipFactor(norm, training.max_grad_norm) });
    const tokens = batch.rows.reduce((sum, row) => sum + row.tokens.length, 0);
    const seconds = this.#before.seconds + this.#workedMs() / 1000;
    this.#state = { ...this.#state, step, position: batch.next, microBatches, tokens: this.#state.tokens + tokens, seconds, lastLoss: loss };
    this.#tellStep({ learningRate, norm, tokens, seconds: (this.#workedMs() - started) / 1000 });
  }

  #workedMs(): number {
    return performance.now() - this.#startedAt - this.#pausedMs;
  }

  async #breathe(): Promise<void> {
    this.#pausedMs += await breathe(this.#parts.context);
  }

  /** Sums gradients over the step's micro-batches; the loss is the mean over all graded tokens of the step. */
  async #accumulate({ rows, gradedTokens }: StepBatch): Promise<{ loss: number; microBatches: number }> {
    const { trainee, data, config, choices } = this.#parts;
    const { dropout: p } = config.lora;
    const layout = { packing: choices.packing, microTokens: choices.micro_tokens, padId: data.padId };
    let { microBatches } = this.#state;
    let lossSum = 0;
    for (const micro of layoutRows(rows, layout)) {
      const dropout = config.training.mode === 'lora' && p > 0 ? { p, seed: config.training.seed, microBatch: microBatches } : null;
      const options = { ...trainingTypes(choices.precision), normaliser: gradedTokens, recompute: choices.recompute_activations, dropout };
      lossSum += accumulateGradients(trainee.model, micro, options);
      microBatches += 1;
      await this.#breathe();
    }
    return { loss: lossSum / gradedTokens, microBatches };
  }

  #refuse(step: number, value: number): never {
    const { folder } = this.#parts;
    const checkpoint = this.#savedStep < 0 ? 'none' : checkpointPath(folder.checkpoints, this.#savedStep);
    throw new AppError('LOSS_NOT_FINITE', { value: String(value), step, checkpoint });
  }

  #tellStep({ learningRate, norm, tokens, seconds }: { learningRate: number; norm: number; tokens: number; seconds: number }): void {
    const { choices, context, config } = this.#parts;
    const { step } = this.#state;
    const ratio = config.lora.loraplus_lr_ratio;
    const perStep = (this.#state.seconds - this.#before.seconds) / (step - this.#before.step);
    context.emit({
      event: 'step',
      step,
      steps: choices.total_steps,
      loss: this.#state.lastLoss,
      learning_rate: learningRate,
      ...(ratio === 1 || config.training.mode === 'full' ? {} : { learning_rate_b: learningRate * ratio }),
      grad_norm: norm,
      tokens,
      tokens_per_second: tokens / seconds,
      rss_bytes: process.memoryUsage.rss(),
      eta_seconds: perStep * (choices.total_steps - step),
    });
  }

  /** Loss over the holdout; true where it is the best so far. */
  async #evaluate(): Promise<boolean> {
    const { data, context } = this.#parts;
    if (data.holdout.length === 0) return false;
    const started = this.#workedMs();
    const loss = await this.#holdoutLoss(data.holdout);
    const seconds = (this.#workedMs() - started) / 1000;
    const { best, step } = this.#state;
    if (!Number.isFinite(loss)) this.#refuse(step, loss);
    const isBest = best === null || loss < best.loss;
    this.#state = isBest
      ? { ...this.#state, best: { step, loss }, evaluationsWithoutGain: 0 }
      : { ...this.#state, evaluationsWithoutGain: this.#state.evaluationsWithoutGain + 1 };
    context.emit({ event: 'eval', step, eval_loss: loss, best: isBest, seconds });
    return isBest;
  }

  async #holdoutLoss(rows: readonly RenderedRow[]): Promise<number> {
    const { trainee, data, choices } = this.#parts;
    let [sum, graded] = [0, 0];
    for (const micro of layoutRows(rows, { packing: choices.packing, microTokens: choices.micro_tokens, padId: data.padId })) {
      const { losses } = scoreRows(trainee.model, micro, { dtype: activationType(choices.precision) });
      sum += losses.reduce((total, loss) => total + loss, 0);
      graded += losses.length;
      await this.#breathe();
    }
    return sum / graded;
  }

  #isExhausted(): boolean {
    const patience = this.#parts.config.training.early_stopping_patience;
    return patience !== null && this.#state.evaluationsWithoutGain >= patience;
  }

  async #save(): Promise<void> {
    const { folder, trainee, config, context } = this.#parts;
    const { step } = this.#state;
    const started = performance.now();
    // A step with finite gradients can still overflow the weights; such a checkpoint must not push out a good one.
    if (!trainee.parameters.every(({ value }) => loadAddon().allFinite(value.id))) this.#refuse(step, Infinity);
    folder.requireOwn();
    const path = await writeCheckpoint(folder.checkpoints, { state: this.#state, parameters: trainee.parameters, optimizer: trainee.optimizer }, () =>
      folder.requireOwn(),
    );
    this.#savedStep = step;
    pruneCheckpoints(folder.checkpoints, { keep: config.training.save_total_limit, best: this.#state.best?.step ?? null });
    context.emit({ event: 'checkpoint', step, path, seconds: (performance.now() - started) / 1000 });
  }

  async #cancel(): Promise<never> {
    const { step } = this.#state;
    if (this.#savedStep !== step) await this.#save();
    throw new AppError('CANCELLED', { where: `at step ${step}`, resume: this.#parts.resumeCommand });
  }

  /** The weights of the best evaluation, where the last step's are worse. */
  async #restoreBest(): Promise<void> {
    const { folder, trainee, context } = this.#parts;
    const { best, step } = this.#state;
    if (best === null || best.step === step) return;
    const path = checkpointPath(folder.checkpoints, best.step);
    const problem = problemOf(path);
    if (problem !== null) {
      context.emit({
        event: 'note',
        message: `The best checkpoint, of step ${best.step}, is damaged (${problem}); the adapter has the weights of the last step.`,
      });
      this.#state = { ...this.#state, best: null };
      await this.#evaluate();
      return;
    }
    restoreParameters(path, trainee.parameters);
    context.emit({ event: 'note', message: `The adapter has the weights of step ${best.step}, the best evaluation (loss ${best.loss.toFixed(4)}).` });
  }

  /** Samples are looked at and decide nothing: where the model has no answer, that is said and the run goes on. */
  async #sample(): Promise<void> {
    const { config, context } = this.#parts;
    const { step } = this.#state;
    for (const prompt of config.training.sample_prompts) {
      try {
        context.emit({ event: 'sample', step, prompt, text: await this.#answer(prompt) });
      } catch (error) {
        if (!isAppError(error, 'LOGITS_NOT_FINITE')) throw error;
        context.emit({ event: 'note', message: `No sample at step ${step}: ${error.message}.` });
      }
      await this.#breathe();
    }
  }

  async #answer(prompt: string): Promise<string> {
    const { trainee, data, config, choices } = this.#parts;
    const { sample_tokens: maxTokens, seed } = config.training;
    const tokens = encodePrompt(data, { text: prompt, chat: true, system: null });
    const options = { dtype: activationType(choices.precision), maxTokens, seed, temperature: 0, topP: 1 };
    return (await generateText(trainee.model, data.tokenizer, tokens, options)).text;
  }
}
