/**
 * TypeScript with its comments and the contents of its strings and regular expressions blanked out, so that rules can
 * be looked for in code alone. Knows just enough of the language: what stands in `${}` of a template is kept.
 */
export function withoutWords(source: string): string {
  let code = '';
  let at = 0;
  /** The open braces of each template expression that we are in. */
  const templates: number[] = [];

  const skipTo = (end: number) => {
    code += source.slice(at, end).replace(/[^\n]/g, ' ');
    at = end;
  };
  const skipQuoted = (quote: string) => {
    let end = at + 1;
    while (end < source.length && source[end] !== quote) end += source[end] === '\\' ? 2 : 1;
    skipTo(end + 1);
  };
  /** From a backtick or the brace that ends an expression, to the next expression or the closing backtick. */
  const skipTemplate = () => {
    let end = at + 1;
    while (end < source.length && source[end] !== '`' && !source.startsWith('${', end)) end += source[end] === '\\' ? 2 : 1;
    const opens = source.startsWith('${', end);
    skipTo(end + (opens ? 2 : 1));
    if (opens) templates.push(0);
  };
  const skipExpression = () => {
    let end = at + 1;
    for (let inClass = false; end < source.length && (inClass || source[end] !== '/') && source[end] !== '\n'; end++) {
      if (source[end] === '\\') end++;
      else if (source[end] === '[') inClass = true;
      else if (source[end] === ']') inClass = false;
    }
    skipTo(end + 1);
  };

  while (at < source.length) {
    const two = source.slice(at, at + 2);
    const one = two[0] ?? '';
    const depth = templates.at(-1);
    if (two === '//') skipTo(source.indexOf('\n', at) === -1 ? source.length : source.indexOf('\n', at));
    else if (two === '/*') skipTo(source.indexOf('*/', at) === -1 ? source.length : source.indexOf('*/', at) + 2);
    else if (one === "'" || one === '"') skipQuoted(one);
    else if (one === '`') skipTemplate();
    else if (one === '}' && depth === 0) {
      templates.pop();
      skipTemplate();
    } else if (one === '/' && /(^|[(,=:[!&|?{};>\n]|\breturn)\s*$/.test(code)) skipExpression();
    else {
      if (depth !== undefined && (one === '{' || one === '}')) templates[templates.length - 1] = depth + (one === '{' ? 1 : -1);
      code += one;
      at++;
    }
  }
  return code;
}
