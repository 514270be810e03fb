import { describe, expect, it } from 'vitest';
import { keepingLogger, type KeptLine } from '../../test/support/keeping-logger.ts';
import { PageLoad, type LoadedContents } from './page-load.ts';

const url = 'lathe-app://page/index.html';
const never = new Promise<never>(() => undefined);

/** One behaviour an attempt; the last one goes on. */
function windowThat(...attempts: readonly ((contents: { isLoading: boolean; shown: string; isDestroyed: boolean }) => Promise<void>)[]) {
  const state = { isLoading: false, shown: '', isDestroyed: false, hears: true, pid: 41 };
  const asked: string[] = [];
  const contents: LoadedContents = {
    loadURL: (address) => {
      asked.push(address);
      return (attempts[asked.length - 1] ?? attempts.at(-1) ?? (() => never))(state);
    },
    forcefullyCrashRenderer: () => {
      asked.push('crashed');
      if (state.hears) state.pid += 1;
    },
    getOSProcessId: () => state.pid,
    getURL: () => state.shown,
    isLoading: () => state.isLoading,
    isDestroyed: () => state.isDestroyed,
  };
  const lines: KeptLine[] = [];
  const times = { retryMs: 1, lookMs: 2, patienceMs: 20 };
  return { page: new PageLoad({ contents, url, log: keepingLogger(lines), kill: (pid) => asked.push(`killed ${pid}`), times }), asked, lines, state };
}

const comesUp = (state: { shown: string }): Promise<void> => {
  state.shown = `${url}#/runs`;
  return Promise.resolve();
};
const problems = (lines: readonly KeptLine[]): unknown[] => lines.map(({ fields }) => fields['problem']);

describe('the load of a page', () => {
  it('comes up, and says nothing', async () => {
    const { page, asked, lines } = windowThat(comesUp);
    expect(page.isUp).toBe(false);
    expect(await page.begin()).toBe(true);
    expect([page.isUp, asked, lines]).toEqual([true, [url], []]);
  });

  it('is tried again where it failed, and the log says why', async () => {
    const { page, asked, lines } = windowThat(() => Promise.reject(new Error('ERR_FAILED (-2)')), comesUp);
    expect(await page.begin()).toBe(true);
    expect(asked).toEqual([url, url]);
    expect(lines).toMatchObject([{ level: 'warn', message: 'the page did not come up', fields: { problem: 'ERR_FAILED (-2)', attempt: 1 } }]);
  });

  it('is tried again where the browser gave it up without a word', async () => {
    const { page, lines } = windowThat(() => never, comesUp);
    expect(await page.begin()).toBe(true);
    expect(problems(lines)).toEqual(['the browser gave it up without a word']);
  });

  it('is tried again where it does not come to its end, in a process of its own', async () => {
    const loads = (state: { isLoading: boolean }): Promise<never> => {
      state.isLoading = true;
      return never;
    };
    const { page, asked, lines } = windowThat(loads, comesUp);
    expect(await page.begin()).toBe(true);
    expect(asked).toEqual([url, 'crashed', url]);
    expect(problems(lines)).toEqual([expect.stringMatching(/^it was not there after/)]);
    // One that does not even hear that it shall end.
    const deaf = windowThat(loads, comesUp);
    deaf.state.hears = false;
    expect(await deaf.page.begin()).toBe(true);
    expect(deaf.asked).toEqual([url, 'crashed', 'killed 41', url]);
  });

  it('counts for nothing where something else is shown', async () => {
    const elsewhere = (state: { shown: string }): Promise<void> => {
      state.shown = 'chrome-error://chromewebdata/';
      return Promise.resolve();
    };
    const { page, lines } = windowThat(elsewhere, comesUp);
    expect(await page.begin()).toBe(true);
    expect(problems(lines)).toEqual(['something else is shown']);
  });

  it('is given up in the end, and may be begun anew', async () => {
    const answers = Array.from({ length: 6 }, () => () => Promise.reject(new Error('no')));
    const { page, asked, lines } = windowThat(...answers, comesUp);
    expect(await page.begin()).toBe(false);
    expect(asked).toHaveLength(6);
    expect(lines.at(-1)).toMatchObject({ level: 'error', message: 'the page cannot be shown', fields: { url, attempts: 6 } });
    expect(await page.begin()).toBe(true);
  });

  it('is one, however often it is asked for meanwhile', async () => {
    const { page, asked } = windowThat(comesUp);
    expect(await Promise.all([page.begin(), page.begin()])).toEqual([true, true]);
    expect(asked).toEqual([url]);
  });

  it('ends with its window, without a word', async () => {
    const { page, asked, lines } = windowThat((state) => {
      state.isDestroyed = true;
      return Promise.reject(new Error('ERR_FAILED (-2)'));
    });
    expect(await page.begin()).toBe(false);
    expect([asked, lines]).toEqual([[url], []]);
  });
});
