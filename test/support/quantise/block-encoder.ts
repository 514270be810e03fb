/** What an encoder of one quantised type is: the numbers of one block to its bytes, both exactly one block. */
export type BlockEncoder = (values: Float32Array, bytes: DataView) => void;
