/** What Python's texts take for blank: the reference harness trims and splits by it, and JavaScript's own set is another. */
const blank = String.raw`[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]`;
const front = new RegExp(`^${blank}+`);
const blanks = new RegExp(`${blank}+`);
const isBlank = new RegExp(`^${blank}$`);

export const leftTrimmed = (text: string): string => text.replace(front, '');

export function rightTrimmed(text: string): string {
  let end = text.length;
  while (end > 0 && isBlank.test(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

export const trimmed = (text: string): string => leftTrimmed(rightTrimmed(text));

/** As `re.split(r"\s+", text)` counts them: an empty text is one. */
export const wordCount = (text: string): number => text.split(blanks).length;
