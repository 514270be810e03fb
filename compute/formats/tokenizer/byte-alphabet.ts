/** GPT-2's alphabet: a printable character for each of the 256 bytes, in which byte-level vocabularies are written. */

const isPrintable = (byte: number): boolean => (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;

/** Byte by character. Bytes that are printable in Latin-1 stand for themselves, the others follow from U+0100 on. */
export const byteOfCharacter: ReadonlyMap<string, number> = (() => {
  const map = new Map<string, number>();
  let next = 0x100;
  for (let byte = 0; byte < 256; byte += 1) {
    if (isPrintable(byte)) map.set(String.fromCharCode(byte), byte);
    else {
      map.set(String.fromCharCode(next), byte);
      next += 1;
    }
  }
  return map;
})();

/** The bytes a byte-level token stands for; null if it is not written in the alphabet. */
export function bytesOfByteLevelToken(token: string): Uint8Array | null {
  const bytes = new Uint8Array(token.length);
  for (let i = 0; i < token.length; i += 1) {
    const byte = byteOfCharacter.get(token.charAt(i));
    if (byte === undefined) return null;
    bytes[i] = byte;
  }
  return bytes;
}
