import { UnrolledError } from '@unrolled/contracts';

export function evaluate(..._: unknown[]): void {
  throw new UnrolledError('UNAVAILABLE', 'evaluate: not there yet');
}
