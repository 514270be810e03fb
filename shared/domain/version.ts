/** Names of model versions: `name@1.2.0`, and the tags that may stand for a number. Names become folders, so they are the same on every file system. */
import { z } from 'zod';

const nameText = 'must be lower-case letters, digits, dots, dashes and underscores, with a letter or digit at both ends';
/** Names of devices, which Windows takes for itself whatever the ending. */
const device = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/;

export const ModelName = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/, { error: nameText })
  .refine((name) => !device.test(name), { error: 'is the name of a device on Windows' });
export type ModelName = z.infer<typeof ModelName>;

const number = '(?:0|[1-9][0-9]{0,14})';
const identifier = `(?:${number}|[0-9]*[a-z-][0-9a-z-]*)`;
const versionPattern = new RegExp(`^${number}[.]${number}[.]${number}(?:-${identifier}(?:[.]${identifier})*)?$`);

/** As semver.org orders them, in lower case and without build metadata, which would make two versions equal. */
export const SemanticVersion = z.string().max(64).regex(versionPattern, { error: 'must look like 1.2.0 or 1.2.0-rc.1' });
export type SemanticVersion = z.infer<typeof SemanticVersion>;

/** Stands for the highest version of a name. */
export const latest = 'latest';

export const Tag = z
  .string()
  .max(64)
  .regex(/^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/, { error: nameText })
  .refine((tag) => tag !== latest && !versionPattern.test(tag), { error: 'must differ from latest and from a version number' });
export type Tag = z.infer<typeof Tag>;

/** Names are looked up, never made into paths. `version` is a number, a tag or `latest`. */
export const VersionKey = z.strictObject({ name: z.string().min(1).max(200), version: z.string().min(1).max(200).default(latest) });
export type VersionKey = z.infer<typeof VersionKey>;

export const versionText = ({ name, version }: { readonly name: string; readonly version: string }): string => `${name}@${version}`;

/** `name`, `name@1.2.0` or `name@tag`. */
export function parseVersionText(text: string): VersionKey {
  const at = text.indexOf('@');
  return at === -1 ? { name: text, version: latest } : { name: text.slice(0, at), version: text.slice(at + 1) };
}
