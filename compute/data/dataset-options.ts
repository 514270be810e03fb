/** What decides how a data file becomes tokens; all of it is in the token cache's key. */
import type { Tokenizer } from '../formats/tokenizer/tokenizer.ts';
import { makeChatTemplate, plainTemplate, type ChatTemplate } from './chat-template.ts';
import type { ColumnMapping } from './layouts/detect.ts';
import type { Renderer } from './render.ts';
import type { DatasetReport, TrainOn } from './types.ts';

export interface DatasetOptions {
  readonly path: string;
  readonly tokenizer: Tokenizer;
  /** The model's own chat template, if it has one. */
  readonly modelTemplate: string | null;
  /** 'auto': the model's own, else the plain format. 'plain': the plain format. 'none': prompts and completions joined as they are. Or a template. */
  readonly chatTemplate?: 'auto' | 'plain' | 'none' | { readonly jinja: string };
  readonly columns?: ColumnMapping;
  readonly layout?: string;
  readonly trainOn?: TrainOn;
  readonly maxSeqLength: number;
  /** Repeated rows are left out, so that none is both trained on and held out, unless this is set. */
  readonly keepDuplicates?: boolean;
  /** Today, for templates that write the date. Default for a data file: its own date, so that a run resumed tomorrow reads the same tokens. */
  readonly date?: Date;
}

interface ChosenTemplate {
  readonly kind: DatasetReport['template'];
  readonly chat: ChatTemplate;
  readonly completionsAsChat: boolean;
}

const spelling = (tokenizer: Tokenizer, id: number | null): string | null => (id === null ? null : Buffer.from(tokenizer.tokenBytes(id)).toString('utf8'));

/** Rows show the day, never the hour, so that a cache serves all day; UTC. */
export const dayOf = ({ date = new Date() }: Pick<DatasetOptions, 'date'>): Date => new Date(`${date.toISOString().slice(0, 10)}T00:00:00Z`);

/** Which template is used, and whether prompt/completion rows go through it. */
export function chooseTemplate(options: DatasetOptions): ChosenTemplate {
  const { tokenizer, modelTemplate, chatTemplate = 'auto', path } = options;
  const tokens = {
    bosToken: spelling(tokenizer, tokenizer.bosId),
    eosToken: spelling(tokenizer, tokenizer.eosId),
    unkToken: spelling(tokenizer, tokenizer.unkId),
    padToken: spelling(tokenizer, tokenizer.padId),
  };
  const shared = { ...tokens, date: dayOf(options) };
  if (typeof chatTemplate === 'object')
    return { kind: 'given', chat: makeChatTemplate(chatTemplate.jinja, { ...shared, path: 'the run' }), completionsAsChat: true };
  if (chatTemplate === 'auto' && modelTemplate !== null) {
    return { kind: 'model', chat: makeChatTemplate(modelTemplate, { ...shared, path: `the model (rows of ${path})` }), completionsAsChat: true };
  }
  // The plain format begins with BOS only where the model's tokenizer adds one.
  const plain = makeChatTemplate(plainTemplate, { ...shared, bosToken: tokenizer.addBos ? tokens.bosToken : null });
  return { kind: 'plain', chat: plain, completionsAsChat: chatTemplate === 'plain' };
}

export function makeRenderer(options: DatasetOptions): Renderer & { readonly kind: DatasetReport['template'] } {
  return { ...chooseTemplate(options), tokenizer: options.tokenizer, trainOn: options.trainOn ?? 'assistant' };
}
