/** The name of every setting of a run, and what follows from it in a sentence. */

export interface KnobWords {
  readonly label: string;
  readonly help: string;
}

export const knobs: Readonly<Record<string, KnobWords>> = {
  'data.holdout_fraction': {
    label: 'Share held back',
    help: 'Rows that are scored but not learnt. More gives a steadier score and leaves less to learn from; 0: no evaluation.',
  },
  'data.eval_path': { label: 'Evaluation file', help: 'Rows to score on, in the same layout. Then nothing of the data set is held back.' },
  'data.max_rows': { label: 'Only the first rows', help: 'So many rows of the file and no more, for a quick try. Empty: all.' },
  'data.chat_template': { label: 'Chat template', help: 'A Jinja file used instead of the model’s own template. Empty: the model’s own.' },

  'lora.rank': { label: 'Rank', help: 'Rows of the trained matrices. Higher can learn more, and takes more memory and time.' },
  'lora.alpha': { label: 'Alpha', help: 'Strength: what the adapter adds is scaled by alpha / rank. Twice the rank is usual.' },
  'lora.dropout': { label: 'Dropout', help: 'Share of the adapter’s input left out at random. More guards small data sets against learning by heart.' },
  'lora.target_modules': {
    label: 'Layers with an adapter',
    help: 'Names with commas between them, or all-linear, which learns more and takes about twice the time.',
  },
  'lora.use_rslora': { label: 'Scale by the root of the rank', help: 'rsLoRA: keeps high ranks, from 64 on, from learning too timidly.' },
  'lora.use_dora': {
    label: 'Length and direction apart',
    help: 'DoRA: closer to full training at low ranks, for some time and memory. As GGUF it has to be merged into its model.',
  },
  'lora.loraplus_lr_ratio': { label: 'Learning rate of B over that of A', help: 'LoRA+: 16 is usual, with a lower learning rate. 1: the same for both.' },
  'lora.init_adapter': {
    label: 'Go on from an adapter',
    help: 'A run, a PEFT folder or a GGUF adapter. Rank, alpha, scaling and layers are then its own. Empty: a fresh one.',
  },

  'training.mode': { label: 'What is trained', help: 'lora trains an adapter; full trains every weight, for small models only.' },
  'training.learning_rate': { label: 'Learning rate', help: 'Size of a step. Too high and the loss jumps, too low and nothing is learnt.' },
  'training.batch_size': { label: 'Batch size', help: 'Rows computed together. More is faster and takes more memory.' },
  'training.gradient_accumulation': {
    label: 'Gradient accumulation',
    help: 'Batches to a step. More makes steadier steps without more memory; a step sees batch size × this many rows.',
  },
  'training.max_epochs': { label: 'Epochs', help: 'Times through the rows. More learns more, and then by heart.' },
  'training.max_steps': { label: 'Steps at most', help: 'Ends the run after so many steps, whatever the epochs say. Empty: the epochs decide.' },
  'training.warmup_steps': {
    label: 'Warm-up steps',
    help: 'Steps over which the learning rate rises. Left alone, a short run cuts it to a tenth of its steps; written down, it is obeyed.',
  },
  'training.schedule': {
    label: 'Schedule',
    help: 'How the learning rate goes on: linear falls to 0 in a line, cosine stays high longer, constant does not fall.',
  },
  'training.weight_decay': { label: 'Weight decay', help: 'Pull of the trained weights towards zero. More guards against learning by heart.' },
  'training.max_grad_norm': { label: 'Longest gradient', help: 'Longer ones are cut to this, so that one odd batch cannot throw the run. 0: never.' },
  'training.beta1': { label: 'Beta 1', help: 'Memory of AdamW’s mean. Higher smooths the steps and reacts later.' },
  'training.beta2': { label: 'Beta 2', help: 'Memory of AdamW’s scale. Higher is steadier, lower adapts faster.' },
  'training.epsilon': { label: 'Epsilon', help: 'Floor of AdamW’s divisor. Seldom worth a change.' },
  'training.seed': { label: 'Seed', help: 'Of the order of rows, dropout and first weights. The same seed gives the same bits.' },
  'training.max_seq_length': { label: 'Longest row, in tokens', help: 'Longer rows are cut, and counted. Memory grows with it.' },
  'training.train_on': { label: 'Graded on', help: 'The assistant’s words only, or all: every token, also those of the question.' },
  'training.precision': {
    label: 'Precision',
    help: 'auto takes bf16 where the processor multiplies it, else fp32. int8 is faster on processors with VNNI and rounds the frozen weights.',
  },
  'training.gradient_checkpointing': {
    label: 'Recompute activations',
    help: 'auto: when memory asks for it. on: always, for less memory and about a third more time. off: never.',
  },
  'training.save_steps': { label: 'Steps between checkpoints', help: 'What a power cut can cost. Fewer costs time and disk.' },
  'training.save_total_limit': { label: 'Checkpoints kept', help: 'The newest so many; the best is kept besides. Each takes disk.' },
  'training.eval_steps': { label: 'Steps between evaluations', help: 'Fewer shows sooner when it learns by heart, and takes time.' },
  'training.early_stopping_patience': {
    label: 'Stop when it gets no better',
    help: 'Ends the run after so many evaluations without a better loss. Empty: it runs to its end.',
  },
  'training.sample_prompts': {
    label: 'Sample prompts',
    help: 'One a line, 16 at most. The model answers them as it learns, so that you can read what it became.',
  },
  'training.sample_steps': { label: 'Steps between samples', help: 'Empty: they are answered at the end only.' },
  'training.sample_tokens': { label: 'Longest sample, in tokens', help: 'Longer answers are cut. More takes time.' },

  'cpu_optimization.num_workers': { label: 'Threads', help: 'Fewer leaves more of the processor to other programs; more than there are cores are cut.' },
  'cpu_optimization.memory_pool_size': {
    label: 'Activation memory, in MB',
    help: 'An upper bound. Too little, and the run recomputes or takes fewer rows at once. Empty: what is free.',
  },
  'cpu_optimization.priority': {
    label: 'Priority',
    help: 'low takes about a tenth of the turns of other busy programs, and all that they leave; normal takes as many as they.',
  },
  'cpu_optimization.spare_thread': { label: 'Spare a thread for the window', help: 'A thread fewer while somebody works here, so that it stays smooth.' },
  'cpu_optimization.pause_on_battery': { label: 'Wait while on battery', help: 'The run holds and goes on by itself on mains power. Linux only.' },
  'cpu_optimization.use_vectorization': { label: 'Pack rows end to end', help: 'Off: one padded row a sample, which is slower and learns the same.' },
  'cpu_optimization.cache_optimization': { label: 'Lay weights out for the cache', help: 'Faster, for some memory. Off: they are read as they are stored.' },
  'cpu_optimization.use_simd': { label: 'Fast kernels', help: 'Off: plain reference kernels, many times slower, to check a doubt.' },

  'logging.level': { label: 'Log level', help: 'How much goes into the log. It never holds the text of your rows.' },
  'logging.format': { label: 'Log format', help: 'text is easier to read, json to search.' },
  'logging.include_timestamp': { label: 'Times in the log', help: 'Off: lines without a time.' },
  'logging.include_level': { label: 'Levels in the log', help: 'Off: lines without their level.' },
  'environment.debug': { label: 'Debug', help: 'Logs everything, whatever the level says.' },
  'environment.profile': { label: 'Profile', help: 'Writes a table of the time spent in each kernel when the run ends.' },
  'environment.profile_path': { label: 'Folder of the profile', help: 'In the run folder.' },
};
