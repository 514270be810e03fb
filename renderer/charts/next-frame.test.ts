import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { NextFrame } from './next-frame.ts';

/** Frames that come when they are told to, and a clock that moves while something is drawn. */
let frames: (() => void)[] = [];
let now = 0;
const nextFrame = (): void => {
  now += 16;
  for (const act of frames.splice(0)) act();
};
const drawing =
  (name: string, done: string[], ms = 1) =>
  (): void => {
    now += ms;
    done.push(name);
  };

beforeEach(() => {
  frames = [];
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  vi.stubGlobal('window', globalThis);
  vi.stubGlobal('requestAnimationFrame', (act: () => void) => frames.push(act));
  vi.spyOn(performance, 'now').mockImplementation(() => now);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

it('does what is asked once a frame, however often', () => {
  const done: string[] = [];
  const chart = new NextFrame();
  for (let i = 0; i < 5; i += 1) chart.ask(0, drawing('loss', done));
  expect(done).toEqual([]);
  nextFrame();
  expect(done).toEqual(['loss']);
  nextFrame();
  expect(done).toEqual(['loss']);
});

it('leaves to the next frame what would make one too long, and lets what may rest give way', () => {
  const done: string[] = [];
  for (const name of ['rate', 'memory']) new NextFrame().ask(1_000, drawing(name, done, 3));
  new NextFrame().ask(0, drawing('loss', done, 5));
  nextFrame();
  expect(done).toEqual(['loss']);
  nextFrame();
  expect(done).toEqual(['loss', 'rate', 'memory']);
});

it('rests as long as it is told to', () => {
  const done: string[] = [];
  const chart = new NextFrame();
  chart.ask(1_000, drawing('first', done));
  nextFrame();
  chart.ask(1_000, drawing('second', done));
  nextFrame();
  expect(done).toEqual(['first']);
  now += 1_000;
  vi.advanceTimersByTime(1_000);
  nextFrame();
  expect(done).toEqual(['first', 'second']);
});

it('forgets what is cancelled, and goes on where something throws', () => {
  const done: string[] = [];
  const [gone, broken, last] = [new NextFrame(), new NextFrame(), new NextFrame()];
  gone.ask(0, drawing('gone', done));
  broken.ask(0, () => {
    throw new Error('no canvas');
  });
  last.ask(0, drawing('last', done));
  gone.cancel();
  expect(nextFrame).toThrow('no canvas');
  nextFrame();
  expect(done).toEqual(['last']);
});
