/** A command gets the host when it runs, so that help and usage errors touch no folder. */
import type { Host } from './host.ts';

export type HostSource = () => Host;
