import { type Fragment, html, type Markup } from './html.ts';

/** A column: its heading, what it shows, and whether that is a number. */
export interface Column<Row> {
  readonly heading: string;
  readonly cell: (row: Row) => Fragment;
  readonly text?: boolean;
}

/** A table with numbers to the right. */
export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): Markup {
  const kind = (column: Column<Row>): string => (column.text ? 'text' : 'number');
  return html`<div class="scroll"><table>
<thead><tr>${columns.map((column) => html`<th scope="col" class="${kind(column)}">${column.heading}</th>`)}</tr></thead>
<tbody>${rows.map(
    (row) =>
      html`<tr>${columns.map((column) => html`<td class="${kind(column)}">${column.cell(row)}</td>`)}</tr>\n`,
  )}</tbody></table></div>`;
}

/** Names and values, as a list. */
export function facts(entries: readonly (readonly [string, Fragment])[]): Markup {
  return html`<dl>${entries.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

/** A figure of `plots` with a caption. */
export function captioned(svg: Markup, caption?: Fragment): Markup {
  return html`<figure>${svg}${caption === undefined ? undefined : html`<figcaption>${caption}</figcaption>`}</figure>\n`;
}
