/** `hana.test`, with both drivers: what it finds, and that each thing that stands in the way has words of its own and costs one log-on at most. */
import { createServer as createHttp } from 'node:http';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HanaConnection } from '../../shared/domain/hana-connection.ts';
import { hanaFailureOf } from '../../shared/domain/hana-failure.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { examineHana } from '../../main/services/hana/examine-hana.ts';
import { driversToTest, hanaPassword, startHana, type HanaServer } from '../support/hana-server.ts';
import { startHanaProcess, type TestHanaProcess } from '../support/hana-sessions.ts';

const listening = (server: Server): Promise<number> =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)));

describe.each(driversToTest)('$driver', ({ driver, missing }) => {
  describe.skipIf(missing !== null)(missing ?? 'here', () => {
    let plain: HanaServer;
    let secure: HanaServer;
    let hana: TestHanaProcess;
    const others: Server[] = [];

    beforeAll(async () => {
      [plain, secure] = await Promise.all([startHana(), startHana({ tls: true })]);
      hana = startHanaProcess();
    });
    afterAll(async () => {
      hana.process.close();
      await Promise.all([plain.stop(), secure.stop()]);
      for (const other of others) other.close();
    });

    const failure = async (connection: HanaConnection, password = hanaPassword): Promise<AppError> => {
      const outcome: unknown = await hana.open(connection, password).catch((error: unknown) => error);
      if (!(outcome instanceof AppError)) throw new Error('it connected');
      expect(outcome.message).not.toContain(password);
      return outcome;
    };
    const otherServer = async (server: Server): Promise<number> => {
      others.push(server);
      return listening(server);
    };

    it('finds version, user, clock and round trip, and logs on once', async () => {
      await plain.seen({ clear: true });
      const connection = plain.connection({ driver });
      const session = await hana.open(connection);
      const found = await examineHana(session, connection);
      await session.close();
      expect(found).toMatchObject({
        version: '4.00.000.00.1700000000',
        database: 'TST',
        user: 'ADMIN',
        schema: 'ADMIN',
        schema_version: null,
        missing_rights: [],
      });
      expect(Math.abs(found.clock_difference_ms)).toBeLessThan(1_000);
      expect(found.round_trip_ms).toBeLessThan(5_000);
      expect((await plain.seen()).logons).toBe(1);
    });

    it.each([
      [10, 'HANA_LOGON_REFUSED', /refuses the log-on of ADMIN/],
      [414, 'HANA_PASSWORD_EXPIRED', /choose a new password/],
      [416, 'HANA_USER_LOCKED', /has locked ADMIN/],
    ] as const)('error %i: one log-on, and none by itself after it', async (code, expected, words) => {
      await plain.refuseLogons({ code, message: 'authentication failed' });
      await plain.seen({ clear: true });
      const error = await failure(plain.connection({ driver }));
      expect([error.code, hanaFailureOf(error)]).toEqual([expected, 'stop']);
      expect(error.message).toMatch(words);
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect((await plain.seen()).logons).toBe(1);
      await plain.refuseLogons(null);
    });

    it('a wrong password', async () => {
      await plain.seen({ clear: true });
      expect((await failure(plain.connection({ driver }), 'Wrong-one-22')).code).toBe('HANA_LOGON_REFUSED');
      expect((await plain.seen()).logons).toBe(1);
    });

    it('a port where nothing listens', async () => {
      const server = createServer();
      const port = await listening(server);
      server.close();
      const error = await failure(plain.connection({ driver, port }));
      expect([error.code, hanaFailureOf(error)]).toEqual(['HANA_REFUSED', 'backoff']);
    });

    it('a name that nobody knows', async () => {
      const error = await failure(plain.connection({ driver, host: 'hana.invalid' }));
      expect([error.code, hanaFailureOf(error)]).toEqual(['HANA_UNRESOLVED', 'backoff']);
    });

    it('a server that is silent', async () => {
      const port = await otherServer(createServer((socket) => socket.on('error', () => undefined)));
      const error = await failure(plain.connection({ driver, port, connect_timeout_seconds: 0.5 }));
      expect(error.message).toMatch(/did not complete the log-on within 0.5 s/);
      expect(hanaFailureOf(error)).toBe('backoff');
    });

    it('a server that hangs up', async () => {
      const port = await otherServer(createServer((socket) => socket.destroy()));
      const error = await failure(plain.connection({ driver, port }));
      expect([error.code, hanaFailureOf(error)]).toEqual(['HANA_CLOSED', 'backoff']);
    });

    it('a web server', async () => {
      const port = await otherServer(createHttp((_, answer) => answer.end('hello')));
      const error = await failure(plain.connection({ driver, port, connect_timeout_seconds: 2 }));
      expect(error.message).toMatch(/is no HANA: a web server answers there/);
      expect(hanaFailureOf(error)).toBe('stop');
    });

    it('TLS is asked for, and not spoken there', async () => {
      const error = await failure(plain.connection({ driver, host: 'localhost', encrypt: true }));
      expect([error.code, hanaFailureOf(error)]).toEqual(['HANA_TLS_MISSING', 'stop']);
    });

    it('TLS is spoken there, and not asked for', async () => {
      const began = Date.now();
      const error = await failure(secure.connection({ driver, encrypt: false, ca_file: null }));
      expect(Date.now() - began).toBeLessThan(10_000);
      expect([error.code, hanaFailureOf(error)]).toEqual(['HANA_TLS_EXPECTED', 'stop']);
    });

    it('a certificate that nobody vouches for', async () => {
      const error = await failure(secure.connection({ driver, ca_file: null }));
      expect([error.code, hanaFailureOf(error)]).toEqual(['HANA_CERTIFICATE_UNTRUSTED', 'stop']);
      expect(error.remedy).toMatch(/--ca-file/);
    });

    it('a certificate for another name', async () => {
      const error = await failure(secure.connection({ driver, certificate_host: 'elsewhere.example' }));
      expect([error.code, hanaFailureOf(error)]).toEqual(['HANA_CERTIFICATE_NAME', 'stop']);
      expect(error.remedy).toMatch(/localhost.*--certificate-host/);
    });

    it('a file of certificates that is none', async () => {
      expect((await failure(secure.connection({ driver, ca_file: '/nowhere/ca.pem' }))).message).toMatch(/\/nowhere\/ca.pem cannot be used: ENOENT/);
      expect((await failure(secure.connection({ driver, ca_file: import.meta.filename }))).message).toMatch(/no certificate in PEM form/);
    });

    it('TLS that is right', async () => {
      for (const changes of [{}, { ca_file: null, validate_certificate: false }]) {
        const session = await hana.open(secure.connection({ driver, ...changes }));
        expect(await session.query('SELECT 1 AS X FROM DUMMY')).toEqual([{ X: 1 }]);
        await session.close();
      }
    });

    it.each([
      [258, 'HANA_NOT_PERMITTED', 'stop'],
      [131, 'HANA_BUSY', 'quick'],
      [133, 'HANA_BUSY', 'quick'],
      [146, 'HANA_BUSY', 'quick'],
      [1888, 'HANA_UNAVAILABLE', 'backoff'],
      [4, 'HANA_UNAVAILABLE', 'backoff'],
      [274, 'HANA_VALUE_REFUSED', 'row'],
      [287, 'HANA_VALUE_REFUSED', 'row'],
      [301, 'HANA_DUPLICATE', 'row'],
    ] as const)('error %i of a statement: %s, which means %s', async (code, expected, means) => {
      const session = await hana.open(plain.connection({ driver }));
      await plain.faults({ match: 'FAULT', fault: { error: { code, message: 'with "a secret value" in it' } } });
      const error: unknown = await session.query('SELECT 1 AS FAULT FROM DUMMY').catch((thrown: unknown) => thrown);
      await plain.faults();
      expect(error).toMatchObject({ code: expected });
      expect(hanaFailureOf(error)).toBe(means);
      if (![258, 1888].includes(code)) expect((error as Error).message).not.toContain('secret value');
      await session.close();
    });
  });
});

describe("SAP's driver", () => {
  it('is named with the way to install it where it is not there', async () => {
    const hana = startHanaProcess();
    const connection = {
      ...(await import('../../shared/domain/hana-connection.ts')).HanaConnection.parse({ name: 'x', host: 'x', port: 1, user: 'x', secret: 'x' }),
    };
    const opening = hana.process.open({ connection: { ...connection, driver: 'hana-client' }, password: 'x', driverFolders: ['/nowhere'] });
    await expect(opening).rejects.toMatchObject({ code: 'HANA_DRIVER_MISSING', remedy: expect.stringMatching(/npm install --prefix \/nowhere/) as string });
    hana.process.close();
  });
});
