import { describe, expect, it } from 'vitest';
import { blankRequest, checkRequest, draftOf, requestInWords } from './request-draft.ts';

const whole = { ...blankRequest, models: ['base', 'routing@1.0.0'], benchmarks: ['arc_easy', 'piqa', 'boolq'] };

describe('a benchmark that is asked for', () => {
  it('says what is missing, by field', () => {
    const { request, problems } = checkRequest(blankRequest);
    expect(request).toBeNull();
    expect([...problems.keys()]).toEqual(['models', 'benchmarks']);
  });

  it('says at its field what is wrong', () => {
    const { problems } = checkRequest({ ...whole, limit: 'many', timeout: '2 hours', num_fewshot: 65 });
    expect(problems.get('limit')).toBe('Must be a number, not "many".');
    expect(problems.get('timeout')).toBe('Must be a time such as 30s, 5m or 2h, not "2 hours".');
    expect(problems.get('num_fewshot')).toBe('Must be at most 64, not 65.');
  });

  it('takes an empty field as its default', () => {
    expect(checkRequest({ ...whole, num_fewshot: null, max_concurrency: null, timeout: ' ' }).request).toMatchObject({
      num_fewshot: 0,
      max_concurrency: 1,
      timeout: null,
    });
  });

  it('comes back as it was from a request', () => {
    const { request } = checkRequest({ ...whole, timeout: '30m' });
    expect(request === null ? null : checkRequest(draftOf(request)).request).toEqual(request);
  });

  it('says in a sentence what it will do', () => {
    const { request } = checkRequest({ ...whole, limit: 100, max_concurrency: 2 });
    expect(request === null ? '' : requestInWords(request)).toBe('Makes 6 scores: 2 models on 3 tasks, no examples, first 100 items, 2 side by side.');
  });
});
