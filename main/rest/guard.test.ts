import { describe, expect, it } from 'vitest';
import { Guard, type Listening } from './guard.ts';

const guard = (said: Partial<Listening> = {}): Guard =>
  new Guard({ scheme: 'http', port: 4517, names: ['127.0.0.1', 'localhost', '::1'], proxied: [], ...said });
const check = (mine: Guard, host: string | undefined, origin?: string): string => {
  try {
    mine.check({ host, origin });
    return 'heard';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('the guard', () => {
  it.each(['127.0.0.1:4517', 'localhost:4517', 'LOCALHOST:4517', '[::1]:4517'])('hears %s', (host) => expect(check(guard(), host)).toBe('heard'));

  it.each([undefined, '', 'localhost', 'localhost:80', 'localhost:45170', 'evil.example:4517', 'localhost:4517.evil.example', 'localhost:4517, x', '::1:4517'])(
    'does not hear a request to %s',
    (host) => expect(check(guard(), host)).toBe('HOST_FOREIGN'),
  );

  it('needs no port where it is that of the scheme', () => {
    expect([check(guard({ port: 80 }), 'localhost'), check(guard({ port: 443, scheme: 'https' }), 'localhost:443')]).toEqual(['heard', 'heard']);
    expect(check(guard({ port: 443 }), 'localhost')).toBe('HOST_FOREIGN');
  });

  it.each(['null', 'http://evil.example', 'https://localhost:4517', 'http://localhost', 'http://localhost:4517.evil.example', 'http://localhost:4517/'])(
    'does not hear a page from %s',
    (origin) => {
      expect(check(guard(), 'localhost:4517', origin)).toBe('ORIGIN_FOREIGN');
      expect(guard().isOwn(origin)).toBe(false);
    },
  );

  it('knows its own pages, and that a request may come from none', () => {
    expect([check(guard(), 'localhost:4517', 'http://LocalHost:4517'), guard().isOwn('http://[::1]:4517'), guard().isOwn(undefined)]).toEqual([
      'heard',
      true,
      false,
    ]);
  });

  it('knows a name however it is written', () => {
    const mine = guard({ names: ['Box.Example', 'FE80::1'] });
    expect([check(mine, 'box.example:4517'), check(mine, '[fe80::1]:4517'), check(mine, '[FE80::1]:4517')]).toEqual(['heard', 'heard', 'heard']);
  });

  it('hears what a proxy passes on, under exactly the name that was given', () => {
    const mine = guard({ proxied: ['Lathe.example.org'] });
    expect([check(mine, 'lathe.example.org', 'https://lathe.example.org'), check(mine, 'lathe.example.org:4517'), check(mine, 'x.lathe.example.org')]).toEqual([
      'heard',
      'HOST_FOREIGN',
      'HOST_FOREIGN',
    ]);
  });
});
