/** A model's chat template: from messages to the text the model was trained on. And the plain format for models without one. */
import { Template } from '@huggingface/jinja';
import { AppError } from '../../shared/errors/app-error.ts';
import { strftime } from './strftime.ts';

export interface ChatMessage {
  readonly role: string;
  readonly content: string;
}

export interface RenderOptions {
  /** End with the words that call for an answer. Default false. */
  readonly addGenerationPrompt?: boolean;
}

export interface ChatTemplateOptions {
  /** Texts of the special tokens that templates name. */
  readonly bosToken?: string | null;
  readonly eosToken?: string | null;
  readonly unkToken?: string | null;
  readonly padToken?: string | null;
  /** What the template takes for today: rows must render tomorrow as they do today. Default now. */
  readonly date?: Date;
  /** The file the template comes from, for errors. */
  readonly path?: string;
}

export interface ChatTemplate {
  readonly source: string;
  /** Whether the text depends on the date. */
  readonly usesDate: boolean;
  render(messages: readonly ChatMessage[], options?: RenderOptions): string;
}

/** Alpaca's headings, for base models that have no format of their own; an answer ends with EOS. */
export const plainTemplate = [
  '{{ bos_token }}{% for message in messages %}',
  "{% if message['role'] == 'system' %}{{ message['content'] + '\\n\\n' }}",
  "{% elif message['role'] == 'assistant' %}{{ '### Response:\\n' + message['content'] + eos_token + '\\n\\n' }}",
  "{% elif message['role'] == 'tool' %}{{ '### Input:\\n' + message['content'] + '\\n\\n' }}",
  "{% else %}{{ '### Instruction:\\n' + message['content'] + '\\n\\n' }}{% endif %}",
  "{% endfor %}{% if add_generation_prompt %}{{ '### Response:\\n' }}{% endif %}",
].join('');

/** The package's own strftime_now speaks the machine's language, knows only the present, and cannot be replaced under its own name. */
const dateFunction = 'strftime_at';

const oneLine = (error: unknown): string => (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, ' ').slice(0, 200);

export function makeChatTemplate(source: string, options: ChatTemplateOptions = {}): ChatTemplate {
  const { bosToken, eosToken, unkToken, padToken, date = new Date(), path = 'the model' } = options;
  const failed = (error: unknown): AppError => new AppError('CHAT_TEMPLATE_INVALID', { path, problem: oneLine(error) }, { cause: error });
  let template: Template;
  try {
    template = new Template(source.replaceAll(/\bstrftime_now\b/g, dateFunction));
  } catch (error) {
    throw failed(error);
  }
  const tokens = { bos_token: bosToken ?? '', eos_token: eosToken ?? '', unk_token: unkToken ?? '', pad_token: padToken ?? '' };
  const writeDate = (format: string): string => strftime(date, format);
  return {
    source,
    usesDate: source.includes('strftime_now'),
    render(messages, { addGenerationPrompt = false } = {}) {
      try {
        const plain = messages.map(({ role, content }) => ({ role, content }));
        return template.render({ ...tokens, [dateFunction]: writeDate, tools: null, messages: plain, add_generation_prompt: addGenerationPrompt });
      } catch (error) {
        throw failed(error);
      }
    },
  };
}
