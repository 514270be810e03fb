import { describe, expect, it } from 'vitest';
import type { CoreEvent } from '../../shared/contracts/calls.ts';
import { keepingLogger, type KeptLine } from '../../test/support/keeping-logger.ts';
import { EventHub } from './event-hub.ts';

const removed = (run: string): CoreEvent => ({ event: 'run.removed', data: { run } });

describe('the event hub', () => {
  it('tells each listener until it ends', () => {
    const hub = new EventHub(keepingLogger());
    const heard: string[] = [];
    const stop = hub.subscribe((event) => heard.push(`a ${JSON.stringify(event.data)}`));
    hub.subscribe((event) => heard.push(`b ${JSON.stringify(event.data)}`));
    hub.publish(removed('1'));
    stop();
    stop();
    hub.publish(removed('2'));
    expect(heard).toEqual(['a {"run":"1"}', 'b {"run":"1"}', 'b {"run":"2"}']);
  });

  it('lets a listener that throws harm nobody, and says so', () => {
    const lines: KeptLine[] = [];
    const hub = new EventHub(keepingLogger(lines));
    const heard: CoreEvent[] = [];
    hub.subscribe(() => {
      throw new Error('oops');
    });
    hub.subscribe((event) => heard.push(event));
    hub.publish(removed('1'));
    expect(heard).toEqual([removed('1')]);
    expect(lines).toMatchObject([{ level: 'error', name: 'events', message: 'a listener failed', fields: { event: 'run.removed', problem: 'oops' } }]);
  });

  it('lets a listener end itself or another while it tells', () => {
    const hub = new EventHub(keepingLogger());
    const heard: string[] = [];
    const stopFirst = hub.subscribe(() => {
      heard.push('first');
      stopFirst();
      stopSecond();
    });
    const stopSecond = hub.subscribe(() => heard.push('second'));
    hub.subscribe(() => heard.push('third'));
    hub.publish(removed('1'));
    hub.publish(removed('2'));
    expect(heard).toEqual(['first', 'third', 'third']);
  });
});
