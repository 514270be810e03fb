/** CESU-8, in which HANA keeps text: as UTF-8, but what lies beyond U+FFFF is a pair of surrogates of three bytes each. */

/** A first byte of 0xED with a second from 0xA0 is half a pair, and stands in no UTF-8. */
const isHalf = (bytes: Buffer, at: number): boolean => bytes[at] === 0xed && (bytes[at + 1] ?? 0) >= 0xa0;

export function fromCesu8(bytes: Buffer): string {
  let from = 0;
  const parts: string[] = [];
  for (let at = bytes.indexOf(0xed); at >= 0; at = bytes.indexOf(0xed, at)) {
    if (!isHalf(bytes, at)) {
      at += 1;
      continue;
    }
    parts.push(bytes.toString('utf8', from, at), String.fromCharCode(0xd000 | (((bytes[at + 1] ?? 0) & 0x3f) << 6) | ((bytes[at + 2] ?? 0) & 0x3f)));
    at += 3;
    from = at;
  }
  parts.push(bytes.toString('utf8', from));
  return parts.join('');
}

const beyond = /[\u{10000}-\u{10FFFF}]/gu;

export const toCesu8 = (text: string): Buffer => (text.search(beyond) < 0 ? Buffer.from(text, 'utf8') : Buffer.concat([...halves(text)]));

function* halves(text: string): Generator<Buffer> {
  let from = 0;
  for (const { index, 0: pair } of text.matchAll(beyond)) {
    yield Buffer.from(text.slice(from, index), 'utf8');
    for (const unit of [pair.charCodeAt(0), pair.charCodeAt(1)]) yield Buffer.from([0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f)]);
    from = index + pair.length;
  }
  yield Buffer.from(text.slice(from), 'utf8');
}
