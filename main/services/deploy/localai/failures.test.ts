/** What a refusal says, in whichever shape, and what of it may be shown. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { failureOf, inWords, read, reasonOf } from './failures.ts';

const answer = (status: number, body: unknown) => ({ status, text: typeof body === 'string' ? body : JSON.stringify(body), retryAfter: null });
const call = { method: 'POST', path: '/models/apply?x=1' } as const;

describe('a refusal', () => {
  it.each([
    [{ error: { code: 500, message: 'no room', type: '' } }, 'no room'],
    [{ error: { code: 'server_error', message: 'no room' } }, 'no room'],
    [{ success: false, message: '', error: 'no room' }, 'no room'],
    [{ error: 'no room' }, 'no room'],
    [{ loaded: [], message: 'no room' }, 'no room'],
    ['', null],
    ['<html>', null],
    [{ error: '' }, null],
    [[], null],
  ])('%j', (body, reason) => {
    expect(reasonOf(answer(500, body))).toBe(reason);
  });

  it('has the code of its kind', () => {
    expect(failureOf('one', call, answer(401, { error: { message: 'An authentication key is required' } }))).toMatchObject({ code: 'REMOTE_DENIED' });
    expect(failureOf('one', call, answer(403, { error: 'admin only' }))).toMatchObject({
      code: 'REMOTE_DENIED',
      facts: { problem: 'admin only (403 at POST /models/apply)' },
    });
    expect(failureOf('one', call, answer(302, ''))).toMatchObject({ code: 'REMOTE_ANSWER_INVALID' });
    expect(failureOf('one', call, answer(500, ''))).toMatchObject({
      code: 'REMOTE_FAILED',
      facts: { call: 'POST /models/apply', problem: 'it gives no reason (500)' },
    });
  });

  it('shows neither paths of the server nor addresses of artifacts', () => {
    const said = inWords('failed to open GGUF file \'/srv/localai/models/base/a.gguf\' from "http://10.0.0.2:4000/Secret_path/a.gguf"\nagain');
    expect(said).toBe('failed to open GGUF file \'…/base/a.gguf\' from "http://10.0.0.2:4000/…" again');
    expect(inWords('x'.repeat(1_000))).toHaveLength(400);
  });
});

describe('an answer', () => {
  const schema = z.object({ uuid: z.string() });

  it('is read by its schema', () => {
    expect(read('one', call, { answer: answer(200, { uuid: 'a' }), schema })).toEqual({ uuid: 'a' });
    expect(() => read('one', call, { answer: answer(200, { uuid: 1 }), schema })).toThrow(/uuid: /);
    expect(() => read('one', call, { answer: answer(200, '<html>'), schema })).toThrow(/no JSON/);
  });
});
