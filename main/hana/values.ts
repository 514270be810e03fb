/** Values as they cross the border, and as the drivers have them. */
import type { Cell } from './driver.ts';

/** What a column or parameter holds, as far as it matters here. */
export type Kind = 'instant' | 'second' | 'bytes' | 'text' | 'boolean' | 'decimal' | 'plain';

const iso = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d(?::\d\d)?)(\.\d+)?(Z|[+-]\d\d:\d\d)?$/;

/** As HANA spells it, in UTC; the offset of a text would be dropped without a word. Keeps seven digits of a second. */
function toHanaTime(text: string): string {
  const found = iso.exec(text);
  if (found === null) return text;
  const [, day = '', time = '', fraction = '', zone = 'Z'] = found;
  const seconds = time.length === 5 ? `${time}:00` : time;
  const utc = zone === 'Z' ? `${day}T${seconds}` : new Date(`${day}T${seconds}${zone}`).toISOString().slice(0, 19);
  return `${utc.replace('T', ' ')}${fraction.slice(0, 8)}`;
}

/** As ISO 8601, with milliseconds at least. */
function fromHanaTime(text: string): string {
  const [day = '', time = ''] = text.split(' ');
  const [seconds = '', fraction = ''] = time.split('.');
  return `${day}T${seconds}.${fraction.replace(/0+$/, '').padEnd(3, '0')}Z`;
}

/** Without an exponent: 1.5e-7 is 0.00000015. */
export function plainDecimal(text: string): string {
  const found = /^(-?)(\d+)(?:\.(\d+))?[eE]([+-]?\d+)$/.exec(text);
  if (found === null) return text;
  const [, sign = '', whole = '', part = '', exponent = '0'] = found;
  const digits = whole + part;
  const point = whole.length + Number(exponent);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return point >= digits.length ? `${sign}${digits}${'0'.repeat(point - digits.length)}` : `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** For a driver that takes Buffers for bytes. */
export function toDriver(value: Cell, kind: Kind): unknown {
  if (value === null) return null;
  switch (kind) {
    case 'instant':
    case 'second':
      return toHanaTime(String(value));
    case 'bytes':
      return Buffer.from(String(value), 'base64');
    case 'text':
    case 'decimal':
      return String(value);
    case 'boolean':
    case 'plain':
      return value;
  }
}

/** What the drivers give, but for large objects of hdb. */
export type DriverValue = string | number | bigint | boolean | Buffer | null | undefined;

export function fromDriver(value: DriverValue, kind: Kind): Cell {
  if (value === null || value === undefined) return null;
  if (Buffer.isBuffer(value)) return value.toString('base64');
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  switch (kind) {
    case 'instant':
      return fromHanaTime(String(value));
    case 'second':
      return `${String(value).replace(' ', 'T').slice(0, 19)}Z`;
    case 'decimal':
      return plainDecimal(String(value));
    case 'boolean':
      return value === true || value === 1;
    case 'bytes':
    case 'text':
    case 'plain':
      return value;
  }
}
