/** Reads what must not be seen: from a pipe, or from the keyboard without showing it. */
import { AppError } from '../../shared/errors/app-error.ts';
import { keyVariable } from '../platform/secret-keys.ts';
import type { Terminal } from './output/terminal.ts';

/** The first line of standard input. */
export async function readSecret(terminal: Terminal, question: string): Promise<string> {
  const { stdin } = process;
  const value = stdin.isTTY ? await typed(terminal, question) : await piped(stdin);
  if (value === '')
    throw new AppError('USAGE', { problem: 'Nothing was given', hint: 'Write the secret to standard input, for example: lathe secret set NAME < FILE.' });
  return value;
}

/** A new one is asked for twice. Throws SECRET_KEY_MISSING where nobody can be asked. */
export async function readPassphrase(terminal: Terminal, isNew: boolean): Promise<string> {
  const given = process.env[keyVariable];
  if (given !== undefined && given !== '') return given;
  if (!process.stdin.isTTY) throw new AppError('SECRET_KEY_MISSING', {});
  const first = await readSecret(terminal, 'Passphrase of the secrets: ');
  if (isNew && (await readSecret(terminal, 'The same once more: ')) !== first)
    throw new AppError('USAGE', { problem: 'The two passphrases differ', hint: 'Nothing was kept; begin again.' });
  return first;
}

async function piped(stdin: NodeJS.ReadStream): Promise<string> {
  stdin.setEncoding('utf8');
  let text = '';
  for await (const piece of stdin) text += String(piece);
  return text.replace(/\r?\n$/, '');
}

function typed(terminal: Terminal, question: string): Promise<string> {
  const { stdin } = process;
  // Before the question: what is typed the moment that it shows is not shown.
  stdin.setRawMode(true);
  stdin.setEncoding('utf8').resume();
  process.stderr.write(question);
  return new Promise((resolve, reject) => {
    let text = '';
    const end = (act: () => void): void => {
      stdin.off('data', hear).setRawMode(false);
      stdin.pause();
      terminal.err('');
      act();
    };
    const hear = (piece: string): void => {
      for (const key of piece) {
        if (key === '\r' || key === '\n') return end(() => resolve(text));
        if (key === '\u0003') return end(() => reject(new AppError('CANCELLED', { where: 'before anything was kept', resume: 'lathe secret set' })));
        text = key === '\u007f' || key === '\b' ? text.slice(0, -1) : text + key;
      }
    };
    stdin.on('data', hear);
  });
}
