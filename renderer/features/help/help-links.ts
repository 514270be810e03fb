/** Where a link in a page of help leads: to another page or place of help, or nowhere, since nothing outside is opened. */

export const helpPath = (page: string, anchor: string | null = null): string => `/help/${page}${anchor === null ? '' : `#${anchor}`}`;

/** null: outside. `page`: the one that the link stands on. */
export function helpTarget(href: string, page: string, pages: readonly string[]): string | null {
  const [, file = '', anchor = null] = /^([^#]*)(?:#(.*))?$/.exec(href) ?? [];
  if (file === '') return anchor === null ? null : helpPath(page, anchor);
  const [, name] = /^(?:\.\/)?([\w-]+)\.md$/.exec(file) ?? [];
  return name === undefined || !pages.includes(name) ? null : helpPath(name, anchor);
}
