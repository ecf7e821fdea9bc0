const name = '[A-Za-z_][\\w.-]*(?::[A-Za-z_][\\w.-]*)?';
const attribute = new RegExp(`\\s+(${name})="([^"<]*)"`, 'y');
const entity = /&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-fA-F]+);)/;

/**
 * Refuses what an XML parser refuses, of the part of XML that a figure may use: elements, attributes in double quotes, text,
 * the five entities. Nothing in the workspace parses XML strictly, and what browsers forgive in HTML breaks an `.svg` file.
 */
export function requireWellFormed(xml: string): void {
  const open: string[] = [];
  let at = 0;
  let roots = 0;
  const fail = (why: string): never => {
    throw new Error(`${why} at ${at}: ${xml.slice(at, at + 80)}`);
  };
  while (at < xml.length) {
    if (xml[at] !== '<') {
      const end = xml.indexOf('<', at);
      const text = xml.slice(at, end < 0 ? xml.length : end);
      if (entity.test(text)) fail('an unescaped & in text');
      if (open.length === 0 && text.trim() !== '') fail('text outside the root');
      at += text.length;
      continue;
    }
    const closing = new RegExp(`</(${name})\\s*>`, 'y');
    closing.lastIndex = at;
    const closed = closing.exec(xml);
    if (closed) {
      if (open.pop() !== closed[1]) fail('a tag closed that is not the last one opened');
      at = closing.lastIndex;
      continue;
    }
    const opening = new RegExp(`<(${name})`, 'y');
    opening.lastIndex = at;
    const opened = opening.exec(xml) ?? fail('no tag');
    at = opening.lastIndex;
    const seen = new Set<string>();
    for (;;) {
      attribute.lastIndex = at;
      const found = attribute.exec(xml);
      if (!found) break;
      if (seen.has(found[1]!)) fail(`attribute ${found[1]} twice`);
      if (entity.test(found[2]!)) fail('an unescaped & in an attribute');
      seen.add(found[1]!);
      at = attribute.lastIndex;
    }
    const end = /\s*(\/?)>/y;
    end.lastIndex = at;
    const ended = end.exec(xml) ?? fail('a tag that does not end');
    at = end.lastIndex;
    if (open.length === 0 && roots++ > 0) fail('a second root');
    if (ended[1] !== '/') open.push(opened[1]!);
  }
  if (open.length > 0) throw new Error(`never closed: ${open.join(', ')}`);
}
