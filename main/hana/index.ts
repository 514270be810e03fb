/** The process of the HANA drivers. What each side promises: shared/contracts/hana-messages.ts. */
import { hanaProtocol, ToHana, type FromHana } from '../../shared/contracts/hana-messages.ts';
import { coreChannel } from './core-channel.ts';
import { Desk } from './desk.ts';
import { driverOf } from './drivers.ts';

const say = (message: FromHana): Promise<void> => coreChannel.send(message);
const desk = new Desk({ say, driverOf });

coreChannel.listen((raw) => void desk.hear(ToHana.parse(raw)));
process.on('SIGINT', () => undefined); // a terminal sends it to everybody; the core decides
process.on('SIGHUP', () => undefined);
process.on('disconnect', () => process.exit(0));
void say({ type: 'ready', protocol: hanaProtocol });
