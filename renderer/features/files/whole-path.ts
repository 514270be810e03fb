/** Paths as text: the page cannot look whether they are there. */

/** By its ending. */
export const looksLikeFile = (path: string): boolean => /[^\\/]\.[A-Za-z0-9]+$/.test(path);

/** Whether a path starts at a root, as Linux, macOS and Windows write it. */
export const isWholePath = (path: string): boolean => /^(?:\/|[A-Za-z]:[\\/]|\\\\)/.test(path);
