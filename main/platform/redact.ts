/** Takes out of a log line what must not leave the machine with it: where the user lives, secrets, addresses. */
import { homedir } from 'node:os';

const escapeForPattern = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Names of fields that hold a secret: `password`, `client_secret`, `access-token`, `HANA_PASSWORD`; not `tokens`, nor `max_tokens`. */
const secretName = String.raw`(?:[\w-]*(?:password|passwd|passphrase|secret|secret_key|api_?key|access_?key|private_?key|credentials?|authorization)|(?:[\w-]*[_-])?token)`;

/** Tokens as the usual services shape them, and whatever follows such a name, also in JSON within JSON. */
const secrets: readonly [RegExp, string][] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/gs, '[secret]'],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi, '$1 [secret]'],
  [/\b(hf_|lathe_|sk-|ghp_|gho_|github_pat_|glpat-|xox[abp]-)[\w-]{8,}/g, '[secret]'],
  [/\b([a-z][\w+.-]*:\/\/)[^\s/@:"]*:[^\s/@"]+@/gi, '$1[secret]@'],
  [new RegExp(String.raw`(\b${secretName}\\*"?\s*[:=]\s*\\*")[^"\\]*`, 'gi'), '$1[secret]'],
  [new RegExp(String.raw`(\b${secretName}\\*"?\s*[:=]\s*)[^"\\\s,}]+`, 'gi'), '$1[secret]'],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, '[secret]'],
  [/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, '[address]'],
];

/** A function over whole lines of JSON, where paths may have doubled backslashes. */
export function redactor(home: string = homedir()): (line: string) => string {
  const homes = [...new Set([home, JSON.stringify(home).slice(1, -1)])].filter((path) => path.length > 1);
  const patterns = homes.map((path) => new RegExp(`${escapeForPattern(path)}(?![\\w.-])`, 'g'));
  return (line) => {
    const withoutHome = patterns.reduce((text, pattern) => text.replace(pattern, '~'), line);
    return secrets.reduce((text, [pattern, instead]) => text.replace(pattern, instead), withoutHome);
  };
}
