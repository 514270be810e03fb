/** A target as it is written in a form, and what is wrong with it by the schema that the core checks it with. Pure. */
import { Target, type DeploymentEnvironment, type TargetInput } from '../../../shared/domain/target.ts';
import { fieldProblem, given } from '../../components/written.ts';

export interface ServerDraft {
  readonly name: string;
  readonly url: string;
}

/** Empty texts: not given. */
export interface TargetDraft {
  readonly kind: Target['kind'];
  readonly name: string;
  readonly environment: DeploymentEnvironment;
  readonly require_approval: boolean;
  readonly port: number;
  readonly servers: readonly ServerDraft[];
  readonly secret: string;
  readonly ca_file: string;
  readonly base_config: string;
  readonly how: 'serve' | 'share';
  readonly address: string;
  readonly delivery_port: number;
  readonly folder: string;
  readonly models_path: string;
  readonly has_proxy: boolean;
  readonly proxy_url: string;
  readonly proxy_secret: string;
  readonly min_available: number;
}

/** What a part of the form is given: `problem` says what is wrong at a path, once it was tried. */
export interface DraftProps {
  readonly draft: TargetDraft;
  readonly change: (changes: Partial<TargetDraft>) => void;
  readonly problem: (path: string) => string | null;
}

const defaultPort = 4_518;

export const emptyTarget = (kind: Target['kind']): TargetDraft => ({
  ...{ kind, name: kind === 'embedded' ? 'this-machine' : '', environment: 'staging', require_approval: true, port: defaultPort },
  ...{ servers: [{ name: 'one', url: '' }], secret: '', ca_file: '', base_config: '', how: 'serve', address: '', delivery_port: 0, folder: '' },
  ...{ models_path: '', has_proxy: false, proxy_url: '', proxy_secret: '', min_available: 1 },
});

export function draftOfTarget(target: Target): TargetDraft {
  const { kind, name, environment, require_approval } = target;
  const common = { ...emptyTarget(kind), name, environment, require_approval };
  if (target.kind === 'embedded') return { ...common, port: target.port };
  const { servers, secret, ca_file, base_config, delivery, proxy, min_available } = target;
  const delivered =
    delivery.how === 'serve'
      ? { how: delivery.how, address: delivery.address ?? '', delivery_port: delivery.port }
      : { how: delivery.how, folder: delivery.folder, models_path: delivery.models_path };
  const proxied = { has_proxy: proxy !== null, proxy_url: proxy?.url ?? '', proxy_secret: proxy?.secret ?? '' };
  return { ...common, servers, secret: secret ?? '', ca_file: ca_file ?? '', base_config: base_config ?? '', ...delivered, ...proxied, min_available };
}

function inputOf(draft: TargetDraft): TargetInput {
  const { kind, environment, require_approval, port, min_available } = draft;
  const common = { name: draft.name.trim(), environment, require_approval };
  if (kind === 'embedded') return { kind, ...common, port };
  return {
    ...{ kind, ...common, min_available },
    servers: draft.servers.map(({ name, url }) => ({ name: name.trim(), url: url.trim().replace(/\/+$/, '') })),
    ...{ secret: given(draft.secret), ca_file: given(draft.ca_file), base_config: given(draft.base_config) },
    delivery:
      draft.how === 'serve'
        ? { how: 'serve', address: given(draft.address), port: draft.delivery_port }
        : { how: 'share', folder: draft.folder.trim(), models_path: draft.models_path.trim() },
    proxy: draft.has_proxy ? { url: draft.proxy_url.trim().replace(/\/+$/, ''), secret: given(draft.proxy_secret) } : null,
  };
}

export interface ReadTarget {
  /** null: something is wrong. */
  readonly target: Target | null;
  /** By the path in the target, such as `servers.0.url`. */
  readonly problems: Readonly<Record<string, string>>;
}

export function readTarget(draft: TargetDraft): ReadTarget {
  const input = inputOf(draft);
  const parsed = Target.safeParse(input);
  if (parsed.success) return { target: parsed.data, problems: {} };
  const problems: Record<string, string> = {};
  for (const { path, message } of parsed.error.issues) problems[path.join('.')] ??= fieldProblem(valueAt(input, path), message);
  return { target: null, problems };
}

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((inner, key) => (typeof inner === 'object' && inner !== null ? (inner as Record<PropertyKey, unknown>)[key] : undefined), value);
