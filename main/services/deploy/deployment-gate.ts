/** What a version must be before it is deployed: approved where the target asks for it, and scored well enough. */
import type { GateVerdict } from '../../../shared/domain/gate-verdict.ts';
import type { GatesConfig } from '../../../shared/domain/gates-config.ts';
import type { Target } from '../../../shared/domain/target.ts';
import { versionText } from '../../../shared/domain/version.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { StoredDeployment } from '../../store/deployment-rows.ts';
import type { Store } from '../../store/store.ts';
import type { Evidence } from './steps/step-act.ts';

/** What the gate's rules say of a version; `rules` take the place of those that are set. */
export type VerdictSource = (
  version: { readonly name: string; readonly version: string },
  rules: Partial<GatesConfig> | null,
) => GateVerdict | Promise<GateVerdict>;

export interface Judgement {
  readonly evidence: Evidence;
  /** It cannot be said; somebody has to. */
  readonly question: string | null;
}

export interface DeploymentGate {
  /** Throws VERSION_NOT_APPROVED, DEPLOYMENT_REFUSED. */
  judge(deployment: Asked): Promise<Judgement>;
}

type Asked = Pick<StoredDeployment, 'name' | 'version' | 'target' | 'config'>;

export interface DeploymentGateParts {
  readonly store: Store;
  readonly verdict: VerdictSource;
}

/** Production takes approved versions alone, whatever is set. */
export const needsApproval = ({ environment, require_approval: isAsked }: Target): boolean => environment === 'production' || isAsked;

export class VersionGate implements DeploymentGate {
  readonly #parts: DeploymentGateParts;

  constructor(parts: DeploymentGateParts) {
    this.#parts = parts;
  }

  async judge(asked: Asked): Promise<Judgement> {
    const { store } = this.#parts;
    const { name, version, target: targetName } = asked;
    const { target } = store.targets.get(targetName);
    const { state } = store.versions.get({ name, version });
    const label = versionText({ name, version });
    if (state === 'retired') throw new AppError('DEPLOYMENT_REFUSED', { version: label, target: targetName, problem: 'it is retired' });
    if (needsApproval(target) && state !== 'approved') throw new AppError('VERSION_NOT_APPROVED', { version: label, state, target: targetName });
    const verdict = await this.#verdict(asked);
    if (verdict.verdict === 'fail') throw new AppError('DEPLOYMENT_REFUSED', { version: label, target: targetName, problem: wordsOf(verdict) });
    const evidence = { state, verdict: verdict.verdict, rules: verdict.rules.map(({ rule, verdict: is, words }) => ({ rule, verdict: is, words })) };
    return {
      evidence,
      question: verdict.verdict === 'inconclusive' ? `The gate cannot say whether ${label} is good enough: ${wordsOf(verdict)}. Deploy it?` : null,
    };
  }

  /** The rules that are set, and `min_accuracy` of the deployment where that asks for more. */
  async #verdict({ name, version, config }: Asked): Promise<GateVerdict> {
    const { verdict } = this.#parts;
    const own = await verdict({ name, version }, null);
    if (config.min_accuracy === 0) return own;
    const asked = await verdict({ name, version }, { min_accuracy: config.min_accuracy });
    const rules = [...own.rules.filter(({ rule }) => rule !== 'min_accuracy'), ...strictest([...own.rules, ...asked.rules])];
    const answers = rules.map((rule) => rule.verdict);
    return {
      ...own,
      rules,
      verdict: answers.includes('fail') ? 'fail' : answers.includes('inconclusive') ? 'inconclusive' : answers.length === 0 ? null : 'pass',
    };
  }
}

/** Of the bounds on accuracy the highest. */
const strictest = (rules: GateVerdict['rules']): GateVerdict['rules'] =>
  rules
    .filter(({ rule }) => rule === 'min_accuracy')
    .sort((a, b) => b.bound - a.bound)
    .slice(0, 1);

const wordsOf = ({ rules }: GateVerdict): string =>
  rules
    .filter(({ verdict }) => verdict !== 'pass')
    .map(({ words }) => words.replace(/\.$/, ''))
    .join('; ');
