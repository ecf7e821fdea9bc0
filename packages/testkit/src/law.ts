import { type Random, show } from '@unrolled/contracts';

/** One thing that every subject of a kind must do, with a check that a computer can run. */
export interface Law<S> {
  /** A short name, the same for ever: `'exact adjoint'`. */
  readonly name: string;
  /** What holds, as a formula. */
  readonly statement: string;
  /** False for subjects without the member that the law is about; always true where it is left out. */
  applies?(subject: S): boolean;
  /** Returns where the law holds, and throws a `LawBroken` where it does not. */
  check(subject: S, context: Context): Promise<void>;
}

/** What a check is given besides its subject. */
export interface Context {
  /** The name of the law that is being checked. */
  readonly law: string;
  /** Random numbers of this law's own: the same in every run, whichever other laws run. */
  readonly random: Random;
}

/** A subject breaks a law. */
export class LawBroken extends Error {
  readonly law: string;
  /** What the law asks for. */
  readonly expected: string;
  /** What the subject did. */
  readonly seen: string;

  constructor(law: string, claim: string, expected: unknown, seen: unknown) {
    super(`${law}: ${say(claim)}: expected ${say(expected)}, saw ${say(seen)}`);
    this.name = 'LawBroken';
    this.law = law;
    this.expected = say(expected);
    this.seen = say(seen);
  }
}

/** Sentences as they are, but for numbers: float32 has seven digits. */
function say(value: unknown): string {
  const told = typeof value === 'string' ? value : show(value);
  return told.replace(/-?\d+\.\d{7,}(e[-+]\d+)?/g, (digits) => String(Number(Number(digits).toPrecision(7))));
}

/** Throws: `claim` was examined, this was expected and that was seen. */
export function breaks(context: Context, claim: string, expected: unknown, seen: unknown): never {
  throw new LawBroken(context.law, claim, expected, seen);
}
