/** Where a target is changed. */
export const targetPath = (name: string): string => `/deploy/target/${encodeURIComponent(name)}`;
