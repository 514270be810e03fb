/** What a connection's failure means, in words. */

const words: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its name is not known here',
  EAI_AGAIN: 'its name cannot be looked up now',
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  ETIMEDOUT: 'no connection came about',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no network',
  ENETDOWN: 'there is no network',
  EPROTO: 'it does not speak TLS there',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS there',
  HPE_INVALID_CONSTANT: 'it does not speak HTTP there',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is not trusted; name its authority as ca_file of the target',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is not trusted; name its authority as ca_file of the target',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is not trusted; name its authority as ca_file of the target',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is not trusted; name its authority as ca_file of the target',
};

export function unreachableWords(error: unknown): string {
  // Where a name has several addresses, the failures of all of them are inside.
  const inner = error instanceof AggregateError ? (error.errors as unknown[])[0] : error;
  const code = inner instanceof Error && 'code' in inner ? String(inner.code) : '';
  return words[code] ?? (code === '' ? 'the connection failed' : `the connection failed (${code})`);
}
