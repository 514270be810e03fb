/** How TLS is spoken with a HANA, for Node's own TLS. */
import { isIP } from 'node:net';
import * as tls from 'node:tls';
import type { HanaConnection } from '../../shared/domain/hana-connection.ts';

/** `ca` null: what Node brings, and what the system trusts besides, where Node can tell. */
export function tlsOptions(connection: HanaConnection, ca: string | null): Readonly<Record<string, unknown>> {
  const { host, validate_certificate: isValidated, certificate_host: named } = connection;
  return {
    rejectUnauthorized: isValidated,
    ca: ca === null ? [...tls.rootCertificates, ...systemCertificates()] : [ca],
    // An address is no name that a server could be chosen by.
    servername: isIP(host) === 0 ? host : '',
    checkServerIdentity: (_: string, certificate: tls.PeerCertificate) => tls.checkServerIdentity(named ?? host, certificate),
    /** What stands here is all that is trusted. */
    sslHanaCloudCertificates: false,
  };
}

/** Node 22.15 and later. */
function systemCertificates(): readonly string[] {
  const { getCACertificates } = tls as { getCACertificates?: (kind: 'system' | 'extra') => readonly string[] };
  return getCACertificates === undefined ? [] : [...getCACertificates('system'), ...getCACertificates('extra')];
}
