import { type Random, UnrolledError } from '@unrolled/contracts';
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

/** The largest eigenvalues of a symmetric matrix, descending, and orthonormal eigenvectors as rows `[count, size]`. */
export interface LeadingEigenvectors {
  readonly values: Float64Array;
  readonly vectors: readonly Float64Array[];
}

/** A symmetric matrix as a map: out = M v. */
export interface SymmetricMap {
  readonly size: number;
  apply(v: Float64Array): Float64Array;
}

/** All of the matrix decomposed, by tridiagonalisation and QL: size³. */
export function denseEigenvectors(map: SymmetricMap, count: number): LeadingEigenvectors {
  const { size } = map;
  const unit = (index: number): Float64Array => {
    const v = new Float64Array(size);
    v[index] = 1;
    return v;
  };
  const matrix = new Matrix(Array.from({ length: size }, (_, index) => map.apply(unit(index))));
  return leading(matrix, count, (eigenvector) => eigenvector);
}

/** Blocks that are added to the Krylov space at most. */
const mostBlocks = 200;

/**
 * Block Lanczos with full reorthogonalisation: the Krylov space of a few random vectors, grown block by block until the eigenpairs that the
 * matrix has in it are its own to `tolerance` · |λ₁|. It never needs the matrix, only products with it.
 *
 * A block of more vectors than eigenvalues that are asked for finds those of any multiplicity up to that: a graph in c pieces has the
 * eigenvalue 1 c times, and one vector would find it once.
 *
 * @throws NOT_CONVERGED
 * @see Golub & Van Loan, "Matrix computations", section 10.3.6
 */
export function lanczosEigenvectors(
  map: SymmetricMap,
  count: number,
  random: Random,
  tolerance = 1e-9,
): LeadingEigenvectors {
  const width = Math.min(map.size, count + 4);
  const basis: Float64Array[] = [];
  const images: Float64Array[] = [];
  let block: Float64Array[] = Array.from({ length: width }, () =>
    Float64Array.from({ length: map.size }, () => random.normal()),
  );
  for (let turn = 0; turn < mostBlocks; turn++) {
    const added = block.flatMap((vector) => {
      const direction = orthogonal(vector, basis);
      if (direction) basis.push(direction);
      return direction ? [direction] : [];
    });
    images.push(...added.map((vector) => map.apply(vector)));
    const projected = new Matrix(basis.map((a) => images.map((b) => dot(a, b))));
    const found = leading(projected, count, (weights) => combine(weights, basis));
    const exhausted = added.length === 0 || basis.length >= map.size;
    if (
      basis.length >= count &&
      (exhausted || residual(map, found) <= tolerance * Math.abs(found.values[0]!))
    )
      return found;
    block = images.slice(-added.length);
  }
  throw new UnrolledError(
    'NOT_CONVERGED',
    `spectral embedding: no eigenvectors in ${mostBlocks} blocks of Lanczos`,
  );
}

/** The leading eigenpairs of a small matrix, its eigenvectors taken where they belong. */
function leading(
  matrix: Matrix,
  count: number,
  lift: (eigenvector: Float64Array) => Float64Array,
): LeadingEigenvectors {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(matrix, {
    assumeSymmetric: true,
  });
  const order = realEigenvalues
    .map((_, index) => index)
    .sort((a, b) => realEigenvalues[b]! - realEigenvalues[a]!);
  const first = order.slice(0, count);
  return {
    values: Float64Array.from(first, (index) => realEigenvalues[index]!),
    vectors: first.map((index) => lift(Float64Array.from(eigenvectorMatrix.getColumn(index)))),
  };
}

/** The largest ‖M v − λ v‖. */
function residual(map: SymmetricMap, { values, vectors }: LeadingEigenvectors): number {
  return vectors.reduce((most, vector, index) => {
    const image = map.apply(vector);
    return Math.max(
      most,
      Math.sqrt(image.reduce((sum, x, i) => sum + (x - values[index]! * vector[i]!) ** 2, 0)),
    );
  }, 0);
}

/** What of a vector is orthogonal to a basis, of norm 1; undefined where nothing is but rounding. */
function orthogonal(vector: Float64Array, basis: readonly Float64Array[]): Float64Array | undefined {
  const size = Math.sqrt(dot(vector, vector));
  const rest = vector.slice();
  // Once is not enough where little is left.
  for (let pass = 0; pass < 2; pass++)
    for (const direction of basis) {
      const along = dot(rest, direction);
      for (let index = 0; index < rest.length; index++) rest[index]! -= along * direction[index]!;
    }
  const length = Math.sqrt(dot(rest, rest));
  return length > 1e-12 * size ? rest.map((x) => x / length) : undefined;
}

function combine(weights: Float64Array, basis: readonly Float64Array[]): Float64Array {
  const sum = new Float64Array(basis[0]!.length);
  basis.forEach((vector, index) => {
    for (let i = 0; i < sum.length; i++) sum[i]! += weights[index]! * vector[i]!;
  });
  return sum;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += a[index]! * b[index]!;
  return sum;
}
