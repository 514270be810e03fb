/** Why a log-on did not even begin: goes the same way again without one, and says at which step it ends. Node's own errors are told apart surely, the drivers' are not. */
import { connect as connectPlain, type Socket } from 'node:net';
import * as tls from 'node:tls';
import type { HanaConnection } from '../../shared/domain/hana-connection.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { serverOf } from './driver-failure.ts';
import { tlsOptions } from './tls-options.ts';

/** With which a client of HANA begins. */
const greeting = Buffer.from([0xff, 0xff, 0xff, 0xff, 4, 20, 0, 4, 1, 0, 0, 1, 1, 1]);
const httpRequest = Buffer.from('GET / HTTP/1.0\r\n\r\n');
const longestMs = 5_000;

export interface Unclear {
  readonly connection: HanaConnection;
  readonly ca: string | null;
  /** What the driver said. */
  readonly text: string;
  /** The time to connect was up. */
  readonly isTooLate: boolean;
}

export async function diagnose(unclear: Unclear): Promise<AppError> {
  const { connection, text, isTooLate } = unclear;
  const server = serverOf(connection);
  const way = await wayTo(unclear, connection.encrypt, greeting);
  if (way.error !== null) return wayFailure(way.error, unclear);
  if (way.answer.subarray(0, 5).toString() === 'HTTP/') return new AppError('HANA_NOT_HANA', { server, problem: 'a web server answers there' });
  if (!connection.encrypt && (isTlsAlert(way.answer) || (way.answer.length === 0 && (await speaksTls(unclear)))))
    return new AppError('HANA_TLS_EXPECTED', { server });
  const named = driverWords(text, server);
  if (named !== null) return named;
  if (way.answer.length === 0) {
    const http = await wayTo(unclear, connection.encrypt, httpRequest);
    if (http.answer.subarray(0, 5).toString() === 'HTTP/') return new AppError('HANA_NOT_HANA', { server, problem: 'a web server answers there' });
  }
  // Who hangs up without a word has hung up, also where the driver did not notice and waited.
  if (way.isSilent || (isTooLate && way.answer.length > 0)) return new AppError('HANA_SILENT', { server, seconds: connection.connect_timeout_seconds });
  if (way.answer.length > 0 && way.answer.length < 8) return new AppError('HANA_NOT_HANA', { server, problem: 'what answers there speaks another protocol' });
  return new AppError('HANA_CLOSED', { server });
}

const isTlsAlert = (answer: Buffer): boolean => answer[0] === 0x15 && answer[1] === 0x03;

/** SAP's driver compares names only, and knows authorities of its own: the way was open to Node and not to it. */
function driverWords(text: string, server: string): AppError | null {
  if (/does not match names/.test(text)) return new AppError('HANA_CERTIFICATE_NAME', { server, problem: 'this driver compares names, not addresses' });
  if (/SSL certificate validation failed/.test(text))
    return new AppError('HANA_CERTIFICATE_UNTRUSTED', { server, problem: 'the driver does not know who signed it' });
  return null;
}

interface Way {
  readonly error: NodeJS.ErrnoException | null;
  /** What came first. */
  readonly answer: Buffer;
  readonly isSilent: boolean;
}

function wayTo({ connection, ca }: Unclear, isTls: boolean, first: Buffer): Promise<Way> {
  const { host, port } = connection;
  const limitMs = Math.min(longestMs, connection.connect_timeout_seconds * 1_000);
  return new Promise((resolve) => {
    let isThere = false;
    const socket: Socket = isTls ? tls.connect({ host, port, ...tlsOptions(connection, ca) }) : connectPlain({ host, port });
    const end = (way: Partial<Way>): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ error: null, answer: Buffer.alloc(0), isSilent: false, ...way });
    };
    const timer = setTimeout(() => end({ isSilent: true }), limitMs);
    socket.once(isTls ? 'secureConnect' : 'connect', () => {
      isThere = true;
      socket.write(first);
    });
    socket.once('data', (answer: Buffer) => end({ answer }));
    socket.once('error', (error) => end(isThere ? {} : { error }));
    socket.once('close', () => end({}));
  });
}

const speaksTls = async (unclear: Unclear): Promise<boolean> => {
  const lenient = { ...unclear, connection: { ...unclear.connection, validate_certificate: false } };
  const { error, isSilent } = await wayTo(lenient, true, greeting);
  return error === null && !isSilent;
};

const unreachable = new Set(['EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL', 'EHOSTDOWN', 'ENETDOWN', 'EACCES', 'EPERM']);

function wayFailure(error: NodeJS.ErrnoException, { connection }: Unclear): AppError {
  const server = serverOf(connection);
  const { code = '', message } = error;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'EAI_FAIL') return new AppError('HANA_UNRESOLVED', { server });
  if (code === 'ECONNREFUSED') return new AppError('HANA_REFUSED', { server });
  if (code === 'ETIMEDOUT') return new AppError('HANA_SILENT', { server, seconds: connection.connect_timeout_seconds });
  if (unreachable.has(code)) return new AppError('HANA_UNREACHABLE', { server, problem: code });
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return new AppError('HANA_CERTIFICATE_NAME', { server, problem: namesIn(error) });
  if (/CERT|ISSUER|SIGNATURE|CRL/.test(code)) return new AppError('HANA_CERTIFICATE_UNTRUSTED', { server, problem: message });
  // A server without TLS answers with what is no TLS, or hangs up.
  if (/^ERR_SSL_/.test(code) || code === 'EPROTO' || (connection.encrypt && code === 'ECONNRESET')) return new AppError('HANA_TLS_MISSING', { server });
  return new AppError('HANA_CLOSED', { server });
}

const namesIn = (error: Error & { readonly cert?: { readonly subjectaltname?: string; readonly subject?: { readonly CN?: string } } }): string =>
  `it bears ${error.cert?.subjectaltname ?? error.cert?.subject?.CN ?? 'no name'}`;
