/** Failures of configuring, running and resuming a training run. */
import type { ErrorRow } from './error-row.ts';

export const runCodes = {
  CANCELLED: { exit: 'cancelled', http: 499, retry: 'resume', message: 'Stopped {where}', remedy: 'Go on with `{resume}`.' },
  USAGE: { exit: 'usage', http: 400, retry: 'change', message: '{problem}', remedy: '{hint}' },
  CONFIG_INVALID: { exit: 'usage', http: 422, retry: 'change', message: '{where}: {problem}', remedy: '{hint}' },
  CONFIG_NOT_YET: { exit: 'usage', http: 422, retry: 'change', message: '{where}: {key} is not in this version', remedy: 'Remove it.' },
  TARGET_UNKNOWN: { exit: 'usage', http: 422, retry: 'change', message: 'Target module {target} does not exist in this model', remedy: 'Use any of: {known}, or all-linear.' },
  RUN_BUSY: { exit: 'usage', http: 409, retry: 'change', message: '{path} is in use by process {owner}', remedy: 'Wait for it, stop it, or choose another --out.' },
  RUN_NOT_FOUND: { exit: 'usage', http: 404, retry: 'change', message: 'No run to resume at {path}', remedy: '`lathe train --out DIR` starts one.' },
  RUN_UNKNOWN: { exit: 'usage', http: 404, retry: 'change', message: 'No run {run} in {place}', remedy: '`lathe run list` shows what there is.' },
  RUN_NOT_RUNNING: { exit: 'usage', http: 409, retry: 'change', message: 'Run {run} is not running ({state})', remedy: 'Go on with `lathe run resume {run}`.' },
  RUN_RECORD_INVALID: { exit: 'data', http: 422, retry: 'change', message: '{path} is not a sound run record: {problem}', remedy: 'Bring back the file that was written at its start, or start the run anew.' },
  RUN_FOLDER_TAKEN: { exit: 'usage', http: 409, retry: 'change', message: '{path} already holds a run', remedy: 'Go on with `--resume {path}`, or choose another --out.' },
  RESUME_DRIFT: { exit: 'usage', http: 409, retry: 'change', message: 'This machine cannot repeat the run exactly: {difference}', remedy: 'Resume where it was started, or add --allow-drift (recorded in the run).' },
  CHECKPOINT_CORRUPT: { exit: 'data', http: 409, retry: 'resume', message: 'No usable checkpoint in {path}: {problem}', remedy: 'Start again without --resume.' },
  LOSS_NOT_FINITE: { exit: 'data', http: 422, retry: 'change', message: 'The loss is {value} at step {step}', remedy: 'Lower the learning rate or check the data; the last good checkpoint is {checkpoint}.' },
  LOGITS_NOT_FINITE: { exit: 'data', http: 422, retry: 'change', message: "The model's output is {value} after {tokens} tokens, so no next token can be chosen", remedy: 'Try it with --precision fp32 and without the adapter; if the base model alone does it, its file is damaged.' },
  CHAT_FAILED: { exit: 'data', http: 422, retry: 'change', message: 'llama.cpp cannot answer with {model}: {problem}', remedy: 'Try it without the adapter, or another model.' },
  ADAPTER_WITHOUT_EFFECT: { exit: 'gate', http: 422, retry: 'change', message: 'The adapter moves no log-probability', remedy: 'Train longer or with a higher learning rate.' },
  ADAPTER_EFFECT_UNCLEAR: { exit: 'gate', http: 422, retry: 'change', message: 'The adapter changes log-probabilities by {effect} on average, which is less than twice what the engines differ by on the base ({noise}), so it cannot be told apart', remedy: 'Train longer, or export it unproven with --no-check.' },
  ADAPTER_NOT_FINITE: { exit: 'gate', http: 422, retry: 'change', message: 'With the adapter the log-probabilities are no finite numbers (mean change {mean})', remedy: 'Train with a lower learning rate.' },
  ADAPTER_DISAGREES: { exit: 'gate', http: 422, retry: 'never', message: 'llama.cpp and Lathe disagree on the adapter: {difference} (bound {bound})', remedy: 'Do not deploy it; please report this with the run folder.' },
  DEMO_NOT_BETTER: { exit: 'gate', http: 422, retry: 'change', message: 'The adapter is not shown to be better: exact match {before} before, {after} after (p = {p})', remedy: 'See what it answered in {rows}.' },
} as const satisfies Record<string, ErrorRow>;
