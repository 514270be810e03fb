/** A host that is killed before, within or after the change that uses up a time. Arguments: its database, which of them, the time. */
import { openStore } from '../../main/store/store.ts';
import { keepingLogger } from './keeping-logger.ts';
import { ScheduleHost } from './schedule-host.ts';

const [database = '', moment = '', time = ''] = process.argv.slice(2);
const die = (): void => void process.kill(process.pid, 'SIGKILL');
const host = new ScheduleHost(openStore(database, keepingLogger()));
if (moment === 'within') host.onClaimed = die;
const looking = host.at(time);
// It looks its run up first.
if (moment === 'before') die();
await looking;
die();
