/** A short storm of hostile headers; the long one is gguf-fuzz.long.test.ts. */
import { describeStorm } from './gguf-storm.fixture.ts';

describeStorm({ headers: 400, damages: 200 });
