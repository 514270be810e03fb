import { expect, it } from 'vitest';
import { checkWords, emptyDraft, nameFrom, proposedNames, splitTags } from './words-draft.ts';

it('takes what the call would take', () => {
  const draft = { ...emptyDraft, name: ' support ', version: ' 1.2.0 ', tags: 'canary, staging canary', metadata: [{ id: 0, key: 'owner', value: 'desk' }] };
  expect(checkWords(draft)).toEqual({
    words: { name: 'support', version: '1.2.0', description: '', tags: ['canary', 'staging'], metadata: { owner: 'desk' } },
  });
  expect(checkWords({ ...emptyDraft, name: 'a' })).toMatchObject({ words: { version: null } });
});

it('says at each field what is wrong with it', () => {
  const draft = { ...emptyDraft, name: 'Not so', version: '1', tags: 'ok, latest', metadata: [{ id: 0, key: '', value: 'x' }] };
  expect(checkWords(draft)).toEqual({
    problems: {
      name: 'It must be lower-case letters, digits, dots, dashes and underscores, with a letter or digit at both ends.',
      version: 'It must look like 1.2.0 or 1.2.0-rc.1.',
      tags: 'latest must differ from latest and from a version number.',
      metadata: 'A value has no name.',
    },
  });
  expect(checkWords(emptyDraft)).toEqual({ problems: { name: 'Give it a name.' } });
  expect(checkWords({ ...emptyDraft, name: 'con' })).toEqual({ problems: { name: 'It is the name of a device on Windows.' } });
});

it('proposes names that the registry takes', () => {
  for (const text of ['Support Routing (train).jsonl', '  --Ünïcode__x ', 'a'.repeat(90)])
    expect(checkWords({ ...emptyDraft, name: nameFrom(text) })).toHaveProperty('words');
  expect(nameFrom('Support Routing')).toBe('support-routing');
  expect(nameFrom('…')).toBe('');
  expect(splitTags(' ,a ,, b')).toEqual(['a', 'b']);
});

it('proposes the name of the run, then that of its data', () => {
  expect(proposedNames({ name: 'Night run', data: '/rows/support-routing/train.jsonl' })).toEqual(['night-run', 'support-routing']);
  expect(proposedNames({ name: null, data: 'C:\\rows\\Invoices 2026.csv' })).toEqual(['invoices-2026']);
  expect(proposedNames({ name: null, data: 'faq' })).toEqual(['faq']);
  expect(proposedNames({ name: null, data: 'train.jsonl' })).toEqual([]);
});
