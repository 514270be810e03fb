/** Which address of this machine leads to a server, and by which addresses the server may come. */
import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { BlockList, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { AppError } from '../../../../shared/errors/app-error.ts';
import { unreachableWords } from '../localai/unreachable-words.ts';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

const family = (address: string): 'ipv4' | 'ipv6' => (isIPv6(address) ? 'ipv6' : 'ipv4');

export const isLoopback = (address: string): boolean => loopback.check(address, family(address));

/** An IPv4 address as it is, also where a socket shows it as one of IPv6. */
export const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');

export const ownAddresses = (): string[] =>
  Object.values(networkInterfaces())
    .flat()
    .flatMap((one) => (one === undefined ? [] : [plainAddress(one.address)]));

export interface NamedServer {
  readonly name: string;
  readonly url: string;
}

/** Throws REMOTE_UNREACHABLE. */
export async function addressesOf({ name, url }: NamedServer): Promise<string[]> {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  try {
    return [...new Set((await lookup(host, { all: true })).map(({ address }) => plainAddress(address)))];
  } catch (error) {
    throw new AppError('REMOTE_UNREACHABLE', { server: name, problem: `${unreachableWords(error)} (${url})` }, { cause: error });
  }
}

/** The address of the interface through which a packet would leave; nothing is sent. null: there is no way. */
export function routeTo(address: string): Promise<string | null> {
  if (isLoopback(address)) return Promise.resolve(address);
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
  return new Promise<string | null>((resolve) => {
    socket.once('error', () => {
      resolve(null);
    });
    socket.connect(9, address, () => {
      resolve(plainAddress(socket.address().address));
    });
  }).finally(() => socket.close());
}

export interface ServingAddress {
  /** That servers are told. */
  readonly shown: string;
  /** That is listened on: of this machine. */
  readonly bound: string;
}

/** `named` may be one that another machine forwards here. Throws REMOTE_UNREACHABLE, ARTIFACT_UNSERVABLE. */
export async function servingAddress(server: NamedServer, named: string | null): Promise<ServingAddress> {
  const routes = await Promise.all((await addressesOf(server)).map((address) => routeTo(address)));
  const route = routes.find((one) => one !== null) ?? null;
  if (named !== null && ownAddresses().includes(named)) return { shown: named, bound: named };
  if (route === null) throw new AppError('ARTIFACT_UNSERVABLE', { server: server.name, problem: 'no network of this machine leads to it' });
  return { shown: named ?? route, bound: route };
}
