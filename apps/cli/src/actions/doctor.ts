import { UnrolledError } from '@unrolled/contracts';

export async function doctor(..._: unknown[]): Promise<void> {
  throw new UnrolledError('UNAVAILABLE', 'doctor: not there yet');
}
