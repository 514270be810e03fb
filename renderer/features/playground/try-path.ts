/** Address of the playground with an adapter against its base. */

/** `adapter`: a version as `name@version`, or a run. */
export const tryPath = (adapter: string): string => `/playground?adapter=${encodeURIComponent(adapter)}`;
