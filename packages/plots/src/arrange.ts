import { refuse, requireNonNegative } from '@unrolled/contracts';
import { requireSome } from './checks.ts';
import { ink } from './palette.ts';

/**
 * Figures in rows, as one figure: each row has its figures beside each other, the rows stand under each other.
 *
 * @param rows SVG strings that this package made
 * @param options.gap between figures, px. Default 16
 * @param options.title what it shows, for those who cannot see it
 * @throws UnrolledError where a row is empty or a string is no figure of this package.
 * @example
 * arrange([[histogram([1, 2, 2]), histogram([3, 3, 4])]]);
 */
export function arrange(
  rows: readonly (readonly string[])[],
  { gap = 16, title }: { readonly gap?: number; readonly title?: string } = {},
): string {
  requireNonNegative('gap', gap);
  requireSome('rows', rows);
  let top = 0;
  let width = 0;
  const placed: string[] = [];
  for (const [index, row] of rows.entries()) {
    requireSome(`rows[${index}]`, row);
    let left = 0;
    let tallest = 0;
    for (const svg of row) {
      const size = sizeOf(svg);
      placed.push(svg.replace('<svg ', `<svg x="${left}" y="${top}" `));
      left += size.width + gap;
      tallest = Math.max(tallest, size.height);
    }
    width = Math.max(width, left - gap);
    top += tallest + gap;
  }
  const height = top - gap;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
    `role="img" font-family="system-ui, sans-serif" style="color:${ink};max-width:100%;height:auto">` +
    `${title === undefined ? '' : `<title>${escaped(title)}</title>`}${placed.join('')}</svg>`
  );
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function sizeOf(svg: string): { readonly width: number; readonly height: number } {
  const root = /^<svg [^>]*>/.exec(svg)?.[0] ?? '';
  const read = (name: string): number => Number(new RegExp(` ${name}="([0-9.]+)"`).exec(root)?.[1]);
  const size = { width: read('width'), height: read('height') };
  if (!(size.width > 0 && size.height > 0)) refuse('rows', svg, 'figures of this package');
  return size;
}
