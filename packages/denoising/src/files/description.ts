import { requireInteger, requirePositive, UnrolledError } from '@unrolled/contracts';

/** What a file says of a denoiser besides its tensors. */
export interface ModelDescription {
  /** `crsae` is Gaussian. Whose equations they are; the rest says which. */
  readonly model: 'crsae' | 'dcea';
  /** T. */
  readonly layers: number;
  /** Pixels from one position of the code to the next, on both axes. */
  readonly stride: number;
  readonly likelihood: 'gaussian' | 'poisson';
  /** `l1`: two-sided codes; `nonNegativeL1`: x ≥ 0, the ReLU. */
  readonly prior: 'l1' | 'nonNegativeL1';
  /** ISTA, or FISTA. */
  readonly momentum: 'none' | 'nesterov';
  readonly shiftAverage: boolean;
  /** Of a Poisson: the largest mean count that it was trained for, which bounds its residual (an ELU). None: no bound. */
  readonly peak?: number;
  /** Of a Gaussian: σ that it was trained for, in units of the picture, of which 1 is white. */
  readonly deviation?: number;
  /** Of a Gaussian: it is shown pictures without their mean. */
  readonly centred: boolean;
  /** Which software made it. */
  readonly software?: string;
  /** By which command. */
  readonly command?: string;
}

type Key = keyof ModelDescription;

/** How the text of a field is read; throws where it says nothing that the field may. */
const fields: { readonly [K in Key]-?: (text: string) => NonNullable<ModelDescription[K]> } = {
  model: oneOf('crsae', 'dcea'),
  layers: (text) => requireInteger('layers', numberIn(text)),
  stride: (text) => requireInteger('stride', numberIn(text)),
  likelihood: oneOf('gaussian', 'poisson'),
  prior: oneOf('l1', 'nonNegativeL1'),
  momentum: oneOf('none', 'nesterov'),
  shiftAverage: (text) => oneOf('true', 'false')(text) === 'true',
  peak: (text) => requirePositive('peak', numberIn(text)),
  deviation: (text) => requirePositive('deviation', numberIn(text)),
  centred: (text) => oneOf('true', 'false')(text) === 'true',
  software: (text) => text,
  command: (text) => text,
};

const required: readonly Key[] = [
  'model',
  'layers',
  'stride',
  'likelihood',
  'prior',
  'momentum',
  'shiftAverage',
];

/**
 * Reads metadata: all that is required, and nothing that is unknown.
 *
 * @throws INVALID_FILE, naming the field, what was given and what is expected
 */
export function parseDescription(metadata: { readonly [name: string]: unknown }): ModelDescription {
  const given = Object.entries(metadata).filter(([, value]) => value !== null && value !== undefined);
  const unknown = given.filter(([name]) => !Object.hasOwn(fields, name)).map(([name]) => name);
  if (unknown.length > 0)
    fail(`unknown field ${unknown.join(', ')}, expected ${Object.keys(fields).join(', ')}`);
  const missing = required.filter((name) => !given.some(([known]) => known === name));
  if (missing.length > 0)
    fail(`expected ${missing.join(', ')}, got ${given.map(([name]) => name).join(', ') || 'none'}`);
  const read = Object.fromEntries(given.map(([name, value]) => [name, readField(name as Key, value)]));
  return requireConsistent({ centred: false, ...read } as unknown as ModelDescription);
}

/** A description as the strings of a file's header, always in the same order. */
export function formatDescription(description: ModelDescription): { readonly [name: string]: string } {
  const names = Object.keys(fields) as Key[];
  const given = names.filter((name) => description[name] !== undefined);
  return Object.fromEntries(given.map((name) => [name, String(description[name])]));
}

function readField(name: Key, value: unknown): unknown {
  try {
    return fields[name](String(value));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UnrolledError(
      'INVALID_FILE',
      `metadata: ${reason.startsWith(name) ? '' : `${name}: `}${reason}`,
      {
        cause,
      },
    );
  }
}

function requireConsistent(description: ModelDescription): ModelDescription {
  const { model, likelihood, peak, deviation, centred } = description;
  if (model === 'crsae' && likelihood !== 'gaussian')
    fail(`expected the likelihood gaussian of a crsae, got ${likelihood}`);
  if (likelihood === 'gaussian' && peak !== undefined) fail(`expected no peak of a gaussian, got ${peak}`);
  if (likelihood === 'poisson' && (deviation !== undefined || centred))
    fail('expected neither deviation nor centred of a poisson');
  return Object.freeze(description);
}

function oneOf<V extends string>(...allowed: readonly V[]): (text: string) => V {
  return (text) =>
    allowed.find((value) => value === text) ??
    fail(`expected one of ${allowed.join(', ')}, got ${JSON.stringify(text)}`);
}

/** Number('') is 0. */
const numberIn = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text));

function fail(message: string): never {
  throw new UnrolledError('INVALID_FILE', `metadata: ${message}`);
}
