/** The words of the places whose work this version does not do yet. */
export const deploy = {
  title: 'Deploy',
  empty: 'This version deploys nothing yet',
  text: 'An approved version can be exported as a PEFT folder with its card, or as a GGUF adapter that LocalAI and llama.cpp load as it is.',
  action: 'To the registry',
} as const;
