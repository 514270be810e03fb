/** Whether a path starts at a root, as Linux, macOS and Windows write it. */
export const isWholePath = (path: string): boolean => /^(?:\/|[A-Za-z]:[\\/]|\\\\)/.test(path);
