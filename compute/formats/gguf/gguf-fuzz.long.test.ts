/** The long storm of hostile headers; gguf-fuzz.test.ts is the short one. */
import { describeStorm } from './gguf-storm.fixture.ts';

describeStorm({ headers: 50_000, damages: 25_000 });
