/**
 * Which requests are heard at all. A browser on this machine can be made to ask us by any page it shows; what it cannot do is
 * lie about `Origin`, or reach us under a name of ours when the page came from another (DNS rebinding).
 */
import { isIP } from 'node:net';
import { AppError } from '../../shared/errors/app-error.ts';

export interface Listening {
  readonly scheme: 'http' | 'https';
  readonly port: number;
  /** Every name this host answers to, without the port. */
  readonly names: readonly string[];
  /** What a proxy in front of it is reached under, `lathe.example.org` or with a port of its own: exactly so, by HTTP or HTTPS. */
  readonly proxied: readonly string[];
}

const defaultPorts = { http: 80, https: 443 } as const;

export class Guard {
  readonly #hosts: ReadonlySet<string>;
  readonly #origins: ReadonlySet<string>;
  readonly #known: string;

  constructor({ scheme, port, names, proxied }: Listening) {
    const hosts = names.map(bracketed).flatMap((name) => [`${name}:${port}`, ...(port === defaultPorts[scheme] ? [name] : [])]);
    const theirs = proxied.map((name) => name.toLowerCase());
    this.#hosts = new Set([...hosts, ...theirs]);
    this.#origins = new Set([...hosts.map((host) => `${scheme}://${host}`), ...theirs.flatMap((host) => [`http://${host}`, `https://${host}`])]);
    this.#known = [...this.#hosts].join(', ');
  }

  /** Throws HOST_FOREIGN, ORIGIN_FOREIGN. */
  check({ host, origin }: { readonly host: string | undefined; readonly origin: string | undefined }): void {
    if (host === undefined || !this.#hosts.has(host.toLowerCase())) throw new AppError('HOST_FOREIGN', { host: host ?? '(none)', known: this.#known });
    if (origin !== undefined && !this.isOwn(origin)) throw new AppError('ORIGIN_FOREIGN', { origin });
  }

  isOwn(origin: string | undefined): boolean {
    return origin !== undefined && this.#origins.has(origin.toLowerCase());
  }
}

const bracketed = (name: string): string => (isIP(name) === 6 ? `[${name}]` : name).toLowerCase();
