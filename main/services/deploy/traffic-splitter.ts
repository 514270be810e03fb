/** What shares an alias' requests out by weight: `lathe proxy`, spoken to from here. */
import type { SplitReport, TrafficSplit } from '../../../shared/domain/traffic-split.ts';
import type { Patience } from './target-driver.ts';

/** All throw REMOTE_UNREACHABLE, REMOTE_DENIED, REMOTE_FAILED, REMOTE_ANSWER_INVALID. What was told last holds, also when nobody speaks to it any more. */
export interface TrafficSplitter {
  /** null: the alias' requests go on as they come. */
  find(alias: string, patience: Patience): Promise<SplitReport | null>;
  set(split: TrafficSplit, patience: Patience): Promise<void>;
  /** The alias' requests go on as they come; its target on the server has to be right before. */
  clear(alias: string, patience: Patience): Promise<void>;
}
