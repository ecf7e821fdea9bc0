import { refuse, requireAllFinite, requireFinite, requireKnownOptions } from '@unrolled/contracts';

/** At least one value, every one finite, else an error that names the argument. */
export function requireValues(name: string, values: ArrayLike<number>): void {
  if (!(values?.length > 0)) refuse(name, values, 'at least one value');
  requireAllFinite(name, values);
}

/** At least one item. */
export function requireSome(name: string, items: ArrayLike<unknown>): void {
  if (!(items?.length > 0)) refuse(name, items, 'at least one');
}

/** Two finite numbers, the first below the second. */
export function requireRange(name: string, range: readonly [number, number]): void {
  const fits = Array.isArray(range) && range.length === 2;
  if (!fits || !(requireFinite(name, range[0]) < requireFinite(name, range[1]))) {
    refuse(name, range, 'two numbers, the first below the second');
  }
}

/** As many items as there are others. */
export function requireLength(name: string, items: ArrayLike<unknown>, length: number, of: string): void {
  if (items.length !== length) refuse(name, `${items.length} items`, `${length}, one for each ${of}`);
}

/** The names of what every figure takes. */
const figureOptionNames = ['width', 'height', 'title'] as const;

/** Refuses options that neither this figure nor every figure takes. */
export function requireFigureOptions(name: string, options: object, own: readonly string[]): void {
  requireKnownOptions(name, options, [...figureOptionNames, ...own]);
}
