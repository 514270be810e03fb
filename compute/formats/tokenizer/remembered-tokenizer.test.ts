/** A remembered tokenizer answers as the built one does, and is built only for text. */
import { join } from 'node:path';
import { statSync, writeFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { smallTokenizer } from '../../../test/support/small-tokenizer.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import type { Tokenizer } from './tokenizer.ts';
import { rememberedTokenizer } from './remembered-tokenizer.ts';

const folder = temporaryFolder();
const model = join(folder, 'model');

function open(cacheDirectory = join(folder, 'cache')): { readonly tokenizer: Tokenizer; readonly builds: () => number } {
  let builds = 0;
  const build = (): Tokenizer => {
    builds += 1;
    return smallTokenizer;
  };
  return { tokenizer: rememberedTokenizer({ files: [model], cacheDirectory, build }), builds: () => builds };
}

describe('a remembered tokenizer', () => {
  it('is built once, then only when text has to be read or written', () => {
    writeFileSync(model, 'a model');
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 });
    expect(open().builds()).toBe(1);
    const { tokenizer, builds } = open();
    const facts = (each: Tokenizer): unknown => {
      const { vocabSize, bosId, eosId, unkId, padId, eotId, stopIds, addBos, addEos, fingerprint } = each;
      const end = eosId === null ? null : [Buffer.from(each.tokenBytes(eosId)).toString(), each.isSpecial(eosId), each.isSpecial(0)];
      return { vocabSize, bosId, eosId, unkId, padId, eotId, stopIds, addBos, addEos, fingerprint, specials: [...each.specials], end };
    };
    expect(facts(tokenizer)).toEqual(facts(smallTokenizer));
    expect(builds()).toBe(0);
    expect(tokenizer.encode('the modem')).toEqual(smallTokenizer.encode('the modem'));
    expect(tokenizer.decode(tokenizer.encode('the modem'))).toBe('the modem');
    expect(builds()).toBe(1);
  });

  it('is built anew when the model has changed', () => {
    const before = statSync(model, { bigint: true }).ctimeNs;
    do writeFileSync(model, 'b model');
    while (statSync(model, { bigint: true }).ctimeNs === before);
    vi.setSystemTime(Date.now() + 60_000);
    expect(open().builds()).toBe(1);
  });
});
