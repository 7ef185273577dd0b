// Whether a text is a well-formed XML document, as far as the report's own output goes: tags nest and close,
// attributes are quoted and single, no bare `&` or `<`. Returns what is wrong, or null.

const TOKEN =
  /<!--[\s\S]*?-->|<\?[^>]*\?>|<!DOCTYPE[^>]*>|<(\/?)([A-Za-z][\w:-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|[^<]+|</g;

export function complaint(text: string): string | null {
  const open: string[] = [];
  let roots = 0;
  for (const [token, slash, name, attributes = '', isEmpty] of text.matchAll(TOKEN)) {
    if (token === '<') return `a bare < after ${open.join(' ')}`;
    if (/&(?!#\d+;|#x[0-9a-f]+;|amp;|lt;|gt;|quot;|apos;|nbsp;)/.test(token) && open.at(-1) !== 'style')
      return `a bare & in ${token}`;
    if (name === undefined) continue;
    const names = [...attributes.matchAll(/\s([\w:-]+)=/g)].map((m) => m[1]);
    if (new Set(names).size !== names.length) return `an attribute twice in ${token}`;
    if (slash === '/') {
      if (open.pop() !== name) return `</${name}> closes something else`;
    } else {
      if (open.length === 0) roots++;
      if (isEmpty !== '/') open.push(name);
    }
  }
  if (open.length > 0) return `${open.join(' ')} left open`;
  return roots === 1 ? null : `${roots} roots`;
}
