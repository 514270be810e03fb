/** The pages of help that come with Lathe. help.json names them in their order; an id is looked up there and never made into a path. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { OutputOf } from '../../../shared/contracts/calls.ts';
import { AppError } from '../../../shared/errors/app-error.ts';

/** Names of files without `.md`. */
const Index = z.array(z.string().regex(/^[a-z-]+$/));

interface HelpPage {
  readonly id: string;
  readonly title: string;
  readonly markdown: string;
}

export class HelpPages {
  readonly #folder: string;
  #pages: readonly HelpPage[] | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  list(): OutputOf<'help.list'> {
    return { pages: this.#all().map(({ id, title }) => ({ id, title })) };
  }

  /** Throws PAGE_UNKNOWN. */
  get(id: string): OutputOf<'help.get'> {
    const page = this.#all().find((each) => each.id === id);
    if (page === undefined) throw new AppError('PAGE_UNKNOWN', { id });
    return { title: page.title, markdown: page.markdown };
  }

  /** They come with the installation, so they are read once. */
  #all(): readonly HelpPage[] {
    this.#pages ??= Index.parse(JSON.parse(readFileSync(join(this.#folder, 'help.json'), 'utf8'))).map((id) => {
      const markdown = readFileSync(join(this.#folder, `${id}.md`), 'utf8');
      return { id, title: /^# (.+)$/m.exec(markdown)?.[1] ?? id, markdown };
    });
    return this.#pages;
  }
}
