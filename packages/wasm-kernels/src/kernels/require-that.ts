/** These kernels write where they are told to: nothing that does not fit may come as far as that. */
export function requireThat(holds: boolean, message: string): void {
  if (!holds) throw new RangeError(message);
}
