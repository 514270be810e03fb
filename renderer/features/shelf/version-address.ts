/** The address of a version in the page, from `name@version`. */

export function versionAddress(text: string): string {
  const at = text.lastIndexOf('@');
  return `/registry/${encodeURIComponent(text.slice(0, at))}/${encodeURIComponent(text.slice(at + 1))}`;
}
