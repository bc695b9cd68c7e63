/**
 * Splits an SQL file into its statements, as the Supabase CLI records them: comments stay with the
 * statement that follows, the semicolon goes.
 */

export interface SqlStatement {
  text: string;
  /** Line of the file on which the text begins, from 1. */
  line: number;
}

/**
 * What a semicolon does not end: comments, quoted text and names, and the body of a function
 * written as `begin atomic … end`, in which `case … end` may nest.
 */
const TOKEN =
  /--[^\n]*|\/\*|\be'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|"[^"]*"|\$(?:[a-z_\x80-\uffff][\w\x80-\uffff]*)?\$|[\w$\x80-\uffff]+|;/gis;

/** Gives the statements of `sql` in order. */
export function splitStatements(sql: string): SqlStatement[] {
  const statements: SqlStatement[] = [];
  let [start, depth, last] = [0, 0, ""];
  const end = (to: number) => {
    const text = sql.slice(start, to).trim();
    const before = sql.slice(0, start + sql.slice(start).search(/\S|$/));
    if (text) statements.push({ text, line: before.split("\n").length });
    start = to + 1;
  };
  const tokens = new RegExp(TOKEN);
  for (let match = tokens.exec(sql); match; match = tokens.exec(sql)) {
    const token = match[0].toLowerCase();
    if (token === "/*") tokens.lastIndex = endOfComment(sql, match.index);
    else if (/^\$\w*\$$/.test(token)) {
      tokens.lastIndex = endOfDollarQuote(sql, match[0], match.index);
    } else if (token === ";" && depth === 0) end(match.index);
    else if (token === "atomic" && last === "begin") depth = 1;
    else if (token === "case" && depth > 0) depth++;
    else if (token === "end" && depth > 0) depth--;
    if (!/^(--|\/\*)/.test(token)) last = token;
  }
  end(sql.length);
  return statements;
}

/** Comments nest in SQL. */
function endOfComment(sql: string, start: number): number {
  const marks = /\/\*|\*\//g;
  marks.lastIndex = start;
  let depth = 0;
  for (let mark = marks.exec(sql); mark; mark = marks.exec(sql)) {
    depth += mark[0] === "/*" ? 1 : -1;
    if (depth === 0) return marks.lastIndex;
  }
  return sql.length;
}

function endOfDollarQuote(sql: string, tag: string, start: number): number {
  const close = sql.indexOf(tag, start + tag.length);
  return close < 0 ? sql.length : close + tag.length;
}
