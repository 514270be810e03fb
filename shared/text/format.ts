/** Numbers as people read them. */

const byteUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** `1536` is `1.5 KiB`. */
export function formatBytes(bytes: number): string {
  const power = bytes < 1024 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), byteUnits.length - 1);
  const amount = bytes / 1024 ** power;
  return `${power === 0 ? Math.round(amount) : amount.toFixed(amount < 10 ? 2 : amount < 100 ? 1 : 0)} ${byteUnits[power] ?? 'B'}`;
}

/** `3725` seconds are `1 h 2 min`, `42.3` are `42 s`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 100) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** `1234567` is `1,234,567`. */
export const formatCount = (count: number): string => counts.format(Math.round(count));
/** Made once: making one takes longer than many uses. */
const counts = new Intl.NumberFormat('en-US');

/** `0.8251` is `82.5 %`. */
export const formatPercent = (share: number): string => `${(share * 100).toFixed(1)} %`;

/** Four significant digits, without an exponent where that can be read. */
export const formatNumber = (value: number): string =>
  Number.isInteger(value) && Math.abs(value) < 1e6 ? String(value) : String(Number(value.toPrecision(4)));
