/** The driver against LocalAI: the stand-in that the other tests use, and a real server with a real llama.cpp where it lies beside the checkout. */
import { contractSuite, testKey } from '../support/localai-contract.ts';
import { startLocalAi, whyNoLocalAi } from '../support/localai-server.ts';
import { LocalAiStandin } from '../support/localai-standin/standin.ts';

contractSuite({
  name: 'the stand-in',
  missing: null,
  looksInside: false,
  start: async (models) => {
    const standin = await LocalAiStandin.start({ folder: models, key: testKey });
    standin.behaviour.cooldownMs = 500;
    return { url: standin.url, stop: () => standin.down() };
  },
});

contractSuite({ name: 'LocalAI', missing: whyNoLocalAi, looksInside: true, start: (models) => startLocalAi({ models, key: testKey }) });
