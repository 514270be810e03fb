/** What can be done with one server of a target. Two kinds implement it: LocalAI over HTTP, and Lathe's own endpoint. Nothing above knows which. */
import type { ServerReport } from '../../../shared/domain/target.ts';

/** What has to be there before an adapter can be served. */
export interface WantedBase {
  readonly name: string;
  /** Where it lies here, for a server that is this machine; null: it does not. */
  readonly path: string | null;
  /** null where it is no GGUF file here: then only a named configuration of the target can serve it. */
  readonly file: string | null;
  readonly bytes: number | null;
  readonly sha256: string | null;
}

export interface Artifact {
  /** What the version is called on the server; never used twice. */
  readonly servedAs: string;
  /** `name@version`, for people who look there. */
  readonly label: string;
  /** The adapter as GGUF. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly base: WantedBase;
  /** For the server's log: the deployment's id. */
  readonly correlation: string;
}

export interface ServerState {
  /** Names of every model that the server lists. */
  readonly models: readonly string[];
  readonly loaded: readonly string[];
  /** Public name → model that answers. */
  readonly aliases: ReadonlyMap<string, string>;
}

export interface Turn {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

export interface AskedChat {
  /** A model's own name or an alias. */
  readonly model: string;
  readonly messages: readonly Turn[];
  readonly maxTokens: number;
  /** Texts that end the answer. */
  readonly stop?: readonly string[];
  /** Greedy where it is 0. */
  readonly temperature: number;
}

export interface ChatOutcome {
  readonly text: string;
  readonly finish: 'stop' | 'length' | 'other';
  /** Until the first text; null where there was none. */
  readonly firstMs: number | null;
  readonly totalMs: number;
  readonly promptTokens: number | null;
  readonly tokens: number | null;
}

export interface Installed {
  readonly servedAs: string;
  /** Settings that decide how it answers, as the server has them: for a later look whether somebody changed them. */
  readonly fingerprint: string;
  /** Whether it uses this adapter, by its file's name and the server's own settings. */
  readonly adapterFile: string | null;
  /** `name@version` and the deployment as `install` wrote them there for a Lathe that knows nothing of it; null: another put it there. */
  readonly label: string | null;
  readonly correlation: string | null;
}

export interface Patience {
  readonly signal: AbortSignal;
}

/**
 * Every act may be asked for again after a crash and then finds what it did: what stands is left alone.
 * All throw REMOTE_UNREACHABLE, REMOTE_DENIED, REMOTE_FAILED, REMOTE_ANSWER_INVALID, and what `signal` says.
 */
export interface TargetDriver {
  readonly server: string;
  check(patience: Patience): Promise<ServerReport>;
  state(patience: Patience): Promise<ServerState>;
  /** The model there that serves the plain base. Throws BASE_MISSING, having touched nothing. */
  findBase(base: WantedBase, patience: Patience): Promise<{ readonly model: string; readonly verifiedBy: 'hash' | 'name and size' | 'name' }>;
  /** Leaves nothing behind where it fails. Throws ARTIFACT_NOT_FETCHED. */
  install(artifact: Artifact, patience: Patience & { readonly onProgress: (share: number) => void }): Promise<Installed>;
  installed(servedAs: string, patience: Patience): Promise<Installed | null>;
  /** Throws MODEL_NOT_LOADED with the server's reason. */
  load(servedAs: string, patience: Patience): Promise<void>;
  /** Lets what it answers come to its end. */
  unload(servedAs: string, patience: Patience): Promise<void>;
  /** Refused where an alias points to it. The base model stays. */
  remove(servedAs: string, patience: Patience): Promise<void>;
  /** Read back before it returns; null takes the alias away. Throws ALIAS_MOVED where somebody else changed it from `expected`. */
  setAlias(alias: string, to: string | null, patience: Patience & { readonly expected: string | null }): Promise<void>;
  chat(asked: AskedChat, patience: Patience): Promise<ChatOutcome>;
  /** Natural logarithm of each candidate's probability behind the prompt; null where the server cannot. */
  score(
    asked: { readonly model: string; readonly prompt: string; readonly candidates: readonly string[] },
    patience: Patience,
  ): Promise<readonly number[] | null>;
  /** The calls that an act would make, as `POST /models/apply`, for a plan. */
  callsOf(act: 'check' | 'install' | 'load' | 'unload' | 'remove' | 'alias' | 'chat' | 'score'): readonly string[];
}
