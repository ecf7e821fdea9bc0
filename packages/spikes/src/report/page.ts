import { html, type Markup, trusted } from './html.ts';
import type { Section } from './section.ts';
import { style } from './style.ts';

/** A page that stands alone: its style inside, no script, nothing fetched. */
export function page(title: string, subtitle: string, sections: readonly Section[]): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="unrolled">
<title>${title} · spike sorting</title>
<style>${trusted(style)}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p>${subtitle}</p>
<nav aria-label="Contents"><ol>${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ol></nav>
</header>
<main>
${sections.map(sectionMarkup)}
</main>
</body>
</html>
`.markup;
}

function sectionMarkup({ id, title, body }: Section): Markup {
  return html`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
${body}
</section>
`;
}
