/** Proves on a server that the new version answers: by this adapter, by the right template, rightly, quickly, without errors. Nobody is led to it yet. */
import { durationMs } from '../../../../shared/domain/duration.ts';
import type { DeploymentSample } from '../../../../shared/domain/deployment.ts';
import { AppError } from '../../../../shared/errors/app-error.ts';
import type { AskedChat, ChatOutcome, TargetDriver } from '../target-driver.ts';
import { judgeAdapter, judgeTemplate, scoreBoth } from '../validation/adapter-check.ts';
import type { Check } from '../validation/checks.ts';
import { judgeSides, summarise } from '../validation/judge-sides.ts';
import type { LocalAnswers } from '../validation/local-answers.ts';
import { look } from '../validation/look.ts';
import { everydayQuestions, probeTokens } from '../validation/probes.ts';
import { serverOf, type StepAct, type StepContext } from './step-act.ts';

/** Requests whose times are taken. */
const timedRequests = 8;

export const validate: StepAct = {
  run: async (context) => {
    const { deployment, signal } = context;
    const driver = serverOf(context);
    const { config, plan } = deployment;
    const limit = AbortSignal.timeout(durationMs(config.validation_timeout));
    try {
      const checks = await runChecks({ ...context, signal: AbortSignal.any([signal, limit]) }, driver);
      return verdictOf(checks, context, driver.server);
    } catch (error) {
      if (limit.aborted && !signal.aborted)
        throw new AppError('VALIDATION_TIMEOUT', { version: plan.label, server: driver.server, limit: config.validation_timeout });
      throw error;
    }
  },
};

function verdictOf(checks: readonly Check[], { deployment, step, note }: StepContext, server: string) {
  const evidence = { checks: checks.map(({ name, verdict, words, evidence: found }) => ({ name, verdict, words, ...found })) };
  const failed = checks.filter(({ verdict }) => verdict === 'fail');
  if (failed.length > 0) {
    note(evidence);
    throw new AppError('VALIDATION_FAILED', { version: deployment.plan.label, server, problem: failed.map(({ words }) => words).join('; ') });
  }
  const unclear = checks.filter(({ verdict }) => verdict === 'inconclusive').map(({ words }) => words);
  const isAsked = unclear.length > 0 && !('confirmed_by' in step.evidence);
  return { evidence, ...(isAsked ? { question: `The validation on ${server} cannot say: ${unclear.join('; ')}. Go on?` } : {}) };
}

/** Checks that fail keep nobody from making the others: all that is wrong is told at once. */
async function runChecks(context: StepContext, driver: TargetDriver): Promise<readonly Check[]> {
  const { deployment, signal, services } = context;
  const { served_as, plan } = deployment;
  const { model: base } = await driver.findBase(plan.base, { signal });
  const ask = (model: string, content: string): AskedChat => ({ model, messages: [{ role: 'user', content }], maxTokens: probeTokens, temperature: 0 });
  const chatAll = async (model: string): Promise<readonly ChatOutcome[]> => {
    const outcomes: ChatOutcome[] = [];
    for (const question of everydayQuestions) outcomes.push(await driver.chat(ask(model, question), { signal }));
    return outcomes;
  };
  const local = await localChats(services.local, context);
  const remote = await chatAll(served_as);
  const scores = await scoreBoth(driver, { base, adapted: served_as }, signal);
  const remoteBase = scores === null ? (await chatAll(base)).map(({ text }) => text) : remote.map(({ text }) => text);
  const texts = {
    remote: remote.map(({ text }) => text),
    remoteBase,
    local: local === null ? null : { base: local.base.map(textOf), adapted: local.adapted.map(textOf) },
  };
  return [
    judgeAdapter({ scores, texts }),
    judgeTemplate(remote, local?.adapted ?? null),
    ...(await goldenChecks(context, driver)),
    await speedCheck(context, driver),
  ];
}

const textOf = ({ text }: { readonly text: string }): string => text;

/** null where what it was trained with is not here any more. */
async function localChats(local: LocalAnswers, { deployment, signal }: StepContext) {
  const { plan } = deployment;
  if (plan.adapter === null || plan.base.path === null) return null;
  return local.chats({ base: plan.base.path, adapter: plan.adapter }, { prompts: everydayQuestions, maxTokens: probeTokens }, signal);
}

async function goldenChecks({ deployment, signal }: StepContext, driver: TargetDriver): Promise<readonly Check[]> {
  const checks: Check[] = [];
  for (const { prompt, contains, max_tokens: maxTokens } of deployment.config.golden_prompts) {
    const { text } = await driver.chat({ model: deployment.served_as, messages: [{ role: 'user', content: prompt }], maxTokens, temperature: 0 }, { signal });
    const missing = contains.filter((part) => !text.toLowerCase().includes(part.toLowerCase()));
    const words =
      missing.length === 0
        ? 'the golden prompt is answered rightly'
        : `the answer to a golden prompt lacks ${missing.map((part) => `"${part}"`).join(' and ')}`;
    checks.push({ name: 'golden', verdict: missing.length === 0 ? 'pass' : 'fail', words, evidence: { prompt, answer: text, missing } });
  }
  return checks;
}

/** It is warm by now. */
async function speedCheck({ deployment, signal, services, sample }: StepContext, driver: TargetDriver): Promise<Check> {
  const samples: DeploymentSample[] = [];
  for (let i = 0; i < timedRequests; i += 1) {
    const content = everydayQuestions[i % everydayQuestions.length] ?? '';
    const asked = { model: deployment.served_as, messages: [{ role: 'user' as const, content }], maxTokens: probeTokens, temperature: 0 };
    samples.push((await look({ driver, side: 'new', asked, signal, now: services.clock.now })).sample);
  }
  sample(samples);
  const summary = summarise(samples);
  return { name: 'latency', ...judgeSides(summary, null, deployment.config), evidence: { ...summary } };
}
