/** A whole number with thin spaces between its thousands. */
export function whole(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+(?!\d))/g, '\u202f');
}

/** With the sign that is as wide as a digit. */
const signed = (digits: string): string => digits.replaceAll('-', '−');

/** Three significant digits. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return signed(value.toExponential(2).replace('e+', 'e'));
  return signed(size >= 1000 ? whole(value) : String(Number(value.toPrecision(3))));
}

/** A part of one as per cent. */
export function percent(part: number): string {
  return Number.isFinite(part)
    ? `${(100 * part).toFixed(part !== 0 && Math.abs(part) < 0.1 ? 2 : 1)}\u202f%`
    : '–';
}

/** Three significant digits with their zeros, for the columns of a table. */
export function column(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-3 || size >= 1000) ? short(value) : signed(value.toPrecision(3));
}

/** Seconds as people say them. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${short(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  const rest = Math.floor(seconds - 60 * minutes);
  if (minutes < 60) return rest === 0 ? `${minutes} min` : `${minutes} min ${rest} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `1 unit`, `2 units`. */
export function counted(count: number, noun: string): string {
  return `${whole(count)} ${noun}${count === 1 ? '' : 's'}`;
}
