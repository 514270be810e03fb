/** The drivers by name. Each is loaded when it is first asked for. */
import type { HanaDriver } from '../../shared/domain/hana-connection.ts';
import type { Driver } from './driver.ts';

/** Throws HANA_DRIVER_MISSING. `folders`: where SAP's own may be installed. */
export async function driverOf(name: HanaDriver, folders: readonly string[]): Promise<Driver> {
  if (name === 'hdb') return (await import('./hdb-driver.ts')).hdbDriver;
  return (await import('./hana-client-driver.ts')).hanaClientDriver(folders);
}
