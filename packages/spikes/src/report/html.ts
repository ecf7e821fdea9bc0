/** HTML that is safe to be put into a page: made by `html`, or declared to be by `trusted`. */
export interface Markup {
  readonly markup: string;
}

/** What a template of `html` takes: text is escaped, markup is not, lists are joined, nothing is left out. */
export type Fragment = Markup | string | number | undefined | readonly Fragment[];

const entities: { readonly [character: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as HTML, in elements and in attributes. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character]!);
}

/** Markup that was made elsewhere and is known to be well-formed: the SVG of `plots`. */
export function trusted(markup: string): Markup {
  return { markup };
}

/** HTML in which every value is escaped, unless it is markup itself. */
export function html(strings: TemplateStringsArray, ...values: readonly Fragment[]): Markup {
  return { markup: strings.reduce((text, part, index) => text + render(values[index - 1]) + part) };
}

function render(value: Fragment): string {
  if (value === undefined) return '';
  if (typeof value === 'string' || typeof value === 'number') return escapeHtml(String(value));
  if ('markup' in value) return value.markup;
  return value.map(render).join('');
}
