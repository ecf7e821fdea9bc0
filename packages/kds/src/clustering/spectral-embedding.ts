import {
  random,
  refuse,
  requireInteger,
  requireKnownOptions,
  requireOneOf,
  requireShape,
} from '@unrolled/contracts';
import { massesOf, requireCodes, type SparseCodes } from '../sparse-codes.ts';
import type { Points } from './k-means.ts';
import { denseEigenvectors, lanczosEigenvectors, type SymmetricMap } from './leading-eigenvectors.ts';

/** Options of {@link spectralEmbedding}. */
export interface EmbeddingOptions {
  /** How eigenvectors are found. Default: `'dense'` up to 300 atoms, `'lanczos'` above. */
  readonly method?: 'dense' | 'lanczos';
  /** Of Lanczos's start. Default 0. */
  readonly seed?: number;
}

/** An embedding of atoms, and by it of all that has codes over them. */
export interface SpectralEmbedding {
  /** The largest eigenvalues, descending, in [0, 1]; the first is 1, as often as the graph has pieces. */
  readonly values: Float64Array;
  /** The place of every atom `[atoms, components]`; zeros for one that no code used. */
  readonly atoms: Points;
  /** The places of codes over the same atoms, `[examples, components]`: the mean of their atoms' places, weighted by the code. */
  embed(codes: SparseCodes): Points;
}

/** Atoms up to which all eigenvectors are had in less time than some by products. */
const denseUpTo = 300;

/**
 * The spectral embedding of atoms by the graph of who is used together, XᵀX of the codes X `[examples, atoms]`:
 *
 *     D^−½ XᵀX D^−½ v = μ v,    D = diag(XᵀX 1) = diag(Xᵀ 1),    place of atom j: v_j / √D_jj,    place of a code: Σ_j x_j · place_j
 *
 * with the largest μ: the smallest eigenvalues 1 − μ of the normalised Laplacian; the constant first one is kept.
 *
 * It is that of the bipartite graph of examples and atoms, whose edges are the codes: as rows of X sum to 1, its normalised adjacency has the
 * eigenvalues ±√μ, and these eigenvectors. A problem in examples and atoms is solved in atoms alone.
 *
 * @param codes on the simplex, as `codesOf` gives them
 * @param components how many, at most as many as atoms that are used
 * @throws INVALID_ARGUMENT for more components than atoms that are used; INVALID_SHAPE; NOT_FINITE; NOT_CONVERGED
 * @example
 * const { atoms, embed } = spectralEmbedding(await codesOf(network, points), 2);
 * const places = embed(await codesOf(network, others)); // of points that it has not seen
 * @see Ng, Jordan & Weiss 2001, "On spectral clustering"; Dhillon 2001, "Co-clustering documents and words", for the bipartite graph
 */
export function spectralEmbedding(
  codes: SparseCodes,
  components: number,
  options: EmbeddingOptions = {},
): SpectralEmbedding {
  requireKnownOptions('spectralEmbedding', options, ['method', 'seed']);
  requireCodes('codes', codes);
  requireInteger('components', components);
  const masses = massesOf(codes);
  const used = Array.from(masses.keys()).filter((atom) => masses[atom]! > 0);
  if (components > used.length)
    refuse('components', components, `at most as many as atoms that are used, ${used.length}`);
  const method = requireOneOf('method', options.method ?? (used.length > denseUpTo ? 'lanczos' : 'dense'), [
    'dense',
    'lanczos',
  ]);
  const graph = normalisedGraph(codes, masses, used);
  const { values, vectors } =
    method === 'dense'
      ? denseEigenvectors(graph, components)
      : lanczosEigenvectors(graph, components, random(options.seed ?? 0));
  const data = new Float64Array(codes.size * components);
  used.forEach((atom, place) => {
    vectors.forEach((vector, component) => {
      data[atom * components + component] = vector[place]! / Math.sqrt(masses[atom]!);
    });
  });
  const atoms: Points = { data, shape: [codes.size, components] };
  return Object.freeze({ values, atoms, embed: (others: SparseCodes) => weightedMeans(others, atoms) });
}

/** v ↦ D^−½ XᵀX D^−½ v over the atoms in use: two passes over the entries of X, which is never squared. */
function normalisedGraph(codes: SparseCodes, masses: Float64Array, used: readonly number[]): SymmetricMap {
  const { examples, starts, atoms, values } = codes;
  const placeOf = new Int32Array(codes.size).fill(-1);
  used.forEach((atom, place) => {
    placeOf[atom] = place;
  });
  const places = atoms.map((atom) => placeOf[atom]!);
  const scaled = values.map((value, entry) => value / Math.sqrt(masses[atoms[entry]!]!));
  return {
    size: used.length,
    apply: (v) => {
      const out = new Float64Array(used.length);
      for (let example = 0; example < examples; example++) {
        let sum = 0;
        for (let entry = starts[example]!; entry < starts[example + 1]!; entry++)
          sum += scaled[entry]! * v[places[entry]!]!;
        for (let entry = starts[example]!; entry < starts[example + 1]!; entry++)
          out[places[entry]!]! += scaled[entry]! * sum;
      }
      return out;
    },
  };
}

function weightedMeans(codes: SparseCodes, places: Points): Points {
  requireCodes('codes', codes);
  const [size, components] = places.shape;
  requireShape('codes', [codes.size], [size], 'codes over the atoms of the embedding');
  const data = new Float64Array(codes.examples * components);
  for (let example = 0; example < codes.examples; example++)
    for (let entry = codes.starts[example]!; entry < codes.starts[example + 1]!; entry++) {
      const row = codes.atoms[entry]! * components;
      for (let component = 0; component < components; component++)
        data[example * components + component]! += codes.values[entry]! * places.data[row + component]!;
    }
  return { data, shape: [codes.examples, components] };
}
