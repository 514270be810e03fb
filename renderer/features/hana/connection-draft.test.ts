import { describe, expect, it } from 'vitest';
import { draftOfConnection, emptyConnection, readConnection } from './connection-draft.ts';

const whole = { ...emptyConnection, name: 'company', host: 'hana.example.org', user: 'LATHE', secret: 'hana' };

describe('a connection in a form', () => {
  it('is what was written, with what was left out as null', () => {
    const { connection, problems } = readConnection({ ...whole, host: ' hana.example.org ', schema: '' });
    expect(problems).toEqual({});
    expect(connection).toMatchObject({ host: 'hana.example.org', port: 443, schema: null, encrypt: true, driver: 'hdb' });
  });

  it('comes back from what is kept', () => {
    const { connection } = readConnection({ ...whole, schema: 'LATHE', artifact_folder: '/mnt/share' });
    if (connection === null) throw new Error('not read');
    expect(readConnection(draftOfConnection(connection)).connection).toEqual(connection);
  });

  it('says at each field what is wrong', () => {
    expect(readConnection({ ...whole, host: '' }).problems).toEqual({ host: 'Fill this in.' });
    expect(readConnection({ ...whole, host: 'https://x', port: Number.NaN }).problems).toMatchObject({
      host: expect.stringContaining('without a port'),
      port: 'Fill this in.',
    });
    expect(readConnection({ ...whole, encrypt: false }).problems).toMatchObject({ encrypt: expect.stringContaining('443') });
  });

  it('wants the licence of SAP’s driver to be accepted where that is chosen', () => {
    expect(readConnection({ ...whole, driver: 'hana-client' })).toMatchObject({ connection: null, problems: { driver: expect.stringContaining('licence') } });
    expect(readConnection({ ...whole, driver: 'hana-client', accepts_licence: true }).connection).toMatchObject({ driver: 'hana-client' });
  });
});
