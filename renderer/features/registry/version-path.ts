/** Addresses of versions in the page. */
import { versionText } from '../../../shared/domain/version.ts';

interface Key {
  readonly name: string;
  readonly version: string;
}

export const versionPath = ({ name, version }: Key): string => `/registry/${encodeURIComponent(name)}/${encodeURIComponent(version)}`;

export const comparePath = (one: Key | null, other: Key | null): string =>
  `/registry/compare?${new URLSearchParams({ ...(one && { a: versionText(one) }), ...(other && { b: versionText(other) }) }).toString()}`;
