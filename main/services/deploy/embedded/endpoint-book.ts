/** What Lathe's own endpoint serves: its adapters and public names, in one file that is replaced whole. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../../../shared/errors/app-error.ts';
import { writeFileAtomically } from '../../../platform/atomic-files.ts';
import { fileFailure } from '../../../platform/file-failure.ts';

const name = z.string().min(1);

const ServedModel = z.strictObject({
  served_as: name,
  /** `name@version`, and the deployment that put it there. */
  label: z.string(),
  correlation: z.string(),
  base: z.strictObject({ name, path: z.string().min(1) }),
  /** In the endpoint's folder. */
  adapter: name,
  sha256: z.string(),
});
export type ServedModel = z.infer<typeof ServedModel>;

const EndpointFile = z.strictObject({ models: z.array(ServedModel), aliases: z.record(name, name) });
type EndpointFile = z.infer<typeof EndpointFile>;

export class EndpointBook {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Throws ENDPOINT_FILE_INVALID, FILE_FORBIDDEN. */
  read(): EndpointFile {
    const path = this.#path();
    let text: string;
    try {
      text = readFileSync(path, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return { models: [], aliases: {} };
      throw fileFailure(error, { what: 'The list of served models', path, action: 'read' });
    }
    try {
      return EndpointFile.parse(JSON.parse(text));
    } catch (error) {
      throw new AppError('ENDPOINT_FILE_INVALID', { path }, { cause: error });
    }
  }

  model(servedAs: string): ServedModel | null {
    return this.read().models.find(({ served_as }) => served_as === servedAs) ?? null;
  }

  add(model: ServedModel): void {
    const { models, aliases } = this.read();
    this.#write({ models: [...models.filter(({ served_as }) => served_as !== model.served_as), model], aliases });
  }

  remove(servedAs: string): void {
    const { models, aliases } = this.read();
    this.#write({ models: models.filter(({ served_as }) => served_as !== servedAs), aliases });
  }

  /** null takes the alias away. */
  setAlias(alias: string, to: string | null): void {
    const { models, aliases } = this.read();
    const { [alias]: _, ...others } = aliases;
    this.#write({ models, aliases: to === null ? others : { ...others, [alias]: to } });
  }

  #path(): string {
    return join(this.folder, 'served.json');
  }

  #write(file: EndpointFile): void {
    try {
      writeFileAtomically(this.#path(), `${JSON.stringify(file, null, 2)}\n`);
    } catch (error) {
      throw fileFailure(error, { what: 'The list of served models', path: this.#path(), action: 'write' });
    }
  }
}
