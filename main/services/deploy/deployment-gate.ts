/** What a version must be before it is deployed: approved where the target asks for it, and scored well enough. */
import type { DeploymentStep } from '../../../shared/domain/deployment.ts';
import type { GateVerdict } from '../../../shared/domain/gate-verdict.ts';
import type { GateRules } from '../../../shared/domain/gates-config.ts';
import type { Target } from '../../../shared/domain/target.ts';
import { versionText } from '../../../shared/domain/version.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { StoredDeployment } from '../../store/deployment-rows.ts';
import type { Store } from '../../store/store.ts';
import type { StoredVersion } from '../../store/version-rows.ts';

/** The gate: what its rules say of a version. */
export interface VerdictSource {
  /** Those that are set for versions of a name. */
  rules(name: string): GateRules;
  /** By other rules than those that are set, or by these. */
  evaluate(version: StoredVersion, rules: GateRules | null): Promise<GateVerdict>;
}

export interface Judgement {
  readonly evidence: DeploymentStep['evidence'];
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
  readonly gates: VerdictSource;
}

/** Production takes approved versions alone, whatever is set. */
export const needsApproval = ({ environment, require_approval: isAsked }: Target): boolean => environment === 'production' || isAsked;

export class VersionGate implements DeploymentGate {
  readonly #parts: DeploymentGateParts;

  constructor(parts: DeploymentGateParts) {
    this.#parts = parts;
  }

  async judge(asking: Asked): Promise<Judgement> {
    const { store } = this.#parts;
    const { name, version, target: targetName } = asking;
    const { target } = store.targets.get(targetName);
    const found = store.versions.get({ name, version });
    const { state } = found;
    const label = versionText({ name, version });
    const refuse = (problem: string): AppError => new AppError('DEPLOYMENT_REFUSED', { version: label, target: targetName, problem });
    if (state === 'retired') throw refuse('it is retired');
    if (needsApproval(target) && state !== 'approved') throw new AppError('VERSION_NOT_APPROVED', { version: label, state, target: targetName });
    const own = await this.#parts.gates.evaluate(found, null);
    const asked = await this.#accuracy(found, asking);
    if (asked?.verdict === 'fail') throw refuse(wordsOf([asked]));
    // Whoever approved it has answered for what the gate said; before that the gate alone speaks.
    if (own.verdict === 'fail' && state !== 'approved') throw refuse(wordsOf([own]));
    const verdicts = [own, ...(asked === null ? [] : [asked])];
    const rules = verdicts.flatMap((each) => each.rules.map(({ rule, verdict, bound, words }) => ({ rule, verdict, bound, words })));
    const unclear = verdicts.filter(({ verdict }) => verdict === 'fail' || verdict === 'inconclusive');
    const question = unclear.length === 0 ? null : `The gate does not say that ${label} is good enough: ${wordsOf(unclear)}. Deploy it?`;
    return { evidence: { state, verdict: own.verdict, rules }, question };
  }

  /** null: the deployment asks for none. Throws DEPLOYMENT_REFUSED. */
  async #accuracy(found: StoredVersion, { config, target }: Asked): Promise<GateVerdict | null> {
    const { gates } = this.#parts;
    const { min_accuracy } = config;
    if (min_accuracy === 0) return null;
    const { benchmark, significance } = gates.rules(found.name);
    const problem = 'min_accuracy is measured on the benchmark of the gate, and the gate names none: `lathe gate set --benchmark NAME`';
    if (benchmark === undefined) throw new AppError('DEPLOYMENT_REFUSED', { version: versionText(found), target, problem });
    return gates.evaluate(found, { min_accuracy, benchmark, ...(significance === undefined ? {} : { significance }) });
  }
}

const wordsOf = (verdicts: readonly GateVerdict[]): string =>
  verdicts
    .flatMap(({ rules }) => rules)
    .filter(({ verdict }) => verdict !== 'pass')
    .map(({ words }) => words.replace(/\.$/, ''))
    .join('; ');
