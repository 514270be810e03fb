/** What a decoder of one quantised type is: one block of bytes to its numbers. */
export interface Block {
  /** The whole data; the block starts at `at`. */
  readonly bytes: Uint8Array;
  readonly at: number;
  readonly target: Float32Array;
  /** Where in the target the block's first number goes. */
  readonly to: number;
}

export type BlockDecoder = (block: Block) => void;
