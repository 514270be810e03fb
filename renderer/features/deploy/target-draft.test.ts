import { describe, expect, it } from 'vitest';
import { Target } from '../../../shared/domain/target.ts';
import { draftOfTarget, emptyTarget, readTarget } from './target-draft.ts';

describe('readTarget', () => {
  it('has a target on this machine at once', () => {
    expect(readTarget(emptyTarget('embedded')).target).toEqual({
      kind: 'embedded',
      name: 'this-machine',
      environment: 'staging',
      require_approval: true,
      port: 4518,
    });
  });

  it('says what is missing where', () => {
    expect(readTarget(emptyTarget('localai')).problems).toEqual({ name: 'Fill this in.', 'servers.0.url': 'Fill this in.' });
  });

  it('wants a port that was emptied', () => {
    expect(readTarget({ ...emptyTarget('embedded'), port: Number.NaN }).problems).toEqual({ port: 'Fill this in.' });
  });

  it('refuses what is secret in an address, and a proxy without one', () => {
    const servers = [{ name: 'one', url: 'http://me:word@host:8080' }];
    const { problems } = readTarget({ ...emptyTarget('localai'), name: 'office', servers, has_proxy: true });
    expect(problems['servers.0.url']).toBe('It must not hold a user or password; name a secret instead.');
    expect(problems['proxy.url']).toBe('Fill this in.');
  });

  it('refuses servers of one name', () => {
    const servers = [1, 2].map((number) => ({ name: 'one', url: `http://host-${number}:8080` }));
    expect(readTarget({ ...emptyTarget('localai'), name: 'office', servers }).problems).toEqual({ servers: 'It must have names that differ.' });
  });

  it('takes what is empty for not given, and addresses without their last slash', () => {
    const { target } = readTarget({ ...emptyTarget('localai'), name: 'office', servers: [{ name: 'one', url: ' http://host:8080/ ' }] });
    expect(target).toMatchObject({
      servers: [{ url: 'http://host:8080' }],
      secret: null,
      ca_file: null,
      proxy: null,
      delivery: { how: 'serve', address: null, port: 0 },
    });
  });
});

it.each([
  { kind: 'embedded', name: 'laptop', environment: 'production', port: 5000 },
  { kind: 'localai', name: 'office', environment: 'staging', servers: [{ name: 'one', url: 'http://host:1' }], secret: 'key', min_available: 0 },
  {
    ...{ kind: 'localai', name: 'office', environment: 'staging', servers: [{ name: 'one', url: 'http://host:1' }], require_approval: false },
    ...{ delivery: { how: 'share', folder: '/share', models_path: 'lora' }, proxy: { url: 'http://host:2', secret: 'proxy' } },
  },
])('reads $name again as it was written', (input) => {
  const target = Target.parse(input);
  expect(readTarget(draftOfTarget(target))).toEqual({ target, problems: {} });
});
