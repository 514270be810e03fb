import { describe, expect, it } from 'vitest';
import { keepingLogger } from '../../test/support/keeping-logger.ts';
import { EventHub } from '../services/event-hub.ts';
import { EventLog, type NumberedEvent } from './event-log.ts';

function logged(count = 0) {
  const hub = new EventHub(keepingLogger());
  const log = new EventLog(hub);
  const publish = (run: string): void => hub.publish({ event: 'run.removed', data: { run } });
  for (let i = 1; i <= count; i += 1) publish(String(i));
  const [host = ''] = log.lastId.split('-');
  const runsSince = (number: number | string): unknown => log.since(`${host}-${number}`)?.map(({ run }) => run) ?? null;
  return { log, publish, runsSince };
}

describe('the event log', () => {
  it('gives what came after a number', () => {
    const { runsSince, log } = logged(4);
    expect([runsSince(0), runsSince(2), runsSince(4)]).toEqual([['1', '2', '3', '4'], ['3', '4'], []]);
    expect(log.since(log.lastId)).toEqual([]);
  });

  it.each(['', '5', '-1', '1.5', 'x', '1e9'])('knows no number %j that it has not given', (number) => {
    const { runsSince } = logged(4);
    expect(runsSince(number)).toBeNull();
  });

  it('knows the numbers of no other host', () => {
    const [mine, theirs] = [logged(3).log, logged(3).log];
    expect([mine.since(theirs.lastId), mine.since(''), mine.since('-')]).toEqual([null, null, null]);
  });

  it('keeps the last of many, and says where it cannot tell', () => {
    const { runsSince } = logged(12_000);
    expect(runsSince(1)).toBeNull();
    expect(runsSince(11_998)).toEqual(['11999', '12000']);
    expect(runsSince(3_000)).toHaveLength(9_000);
  });

  it('tells listeners as they are written, in one piece, with nothing that a terminal obeys', () => {
    const { log, publish } = logged(1);
    const heard: NumberedEvent[] = [];
    const stop = log.subscribe((event) => heard.push(event));
    publish('a\u009b\nid: 7');
    stop();
    publish('b');
    expect(heard.map(({ frame, run }) => [frame.toString(), run])).toEqual([
      [`id: ${heard[0]?.id ?? ''}\nevent: run.removed\ndata: {"run":"a\\u009b\\nid: 7"}\n\n`, 'a\u009b\nid: 7'],
    ]);
  });
});
