/** Cuts a rendered row where the model's own marks stand (`<|im_start|>`, `[INST]`, `<eos>`), so that they can be seen. */

export interface TextPart {
  readonly text: string;
  readonly isMark: boolean;
}

/** As the chat templates of the families that are trained here write them. */
const marks =
  /<\|[\w-]+\|>|<\/?s>|<(?:bos|eos|pad|unk|start_of_turn|end_of_turn|endoftext)>|\[\/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS)\]|<<\/?SYS>>/g;

export function markedParts(text: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let from = 0;
  for (const { 0: mark, index } of text.matchAll(marks)) {
    if (index > from) parts.push({ text: text.slice(from, index), isMark: false });
    parts.push({ text: mark, isMark: true });
    from = index + mark.length;
  }
  if (from < text.length) parts.push({ text: text.slice(from), isMark: false });
  return parts;
}
