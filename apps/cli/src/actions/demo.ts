import { UnrolledError } from '@unrolled/contracts';

export async function demo(..._: unknown[]): Promise<void> {
  throw new UnrolledError('UNAVAILABLE', 'demo: not there yet');
}
