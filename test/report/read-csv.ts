/**
 * Reads CSV as RFC 4180 describes it, for tests that need the fields of a file back.
 */

/** Records by column name; the first line names the columns. @throws {Error} where a line has too many or too few fields. */
export function readCsv(text: string): Record<string, string>[] {
  const [header = [], ...lines] = readLines(text);
  return lines.map((fields, index) => {
    if (fields.length !== header.length)
      throw new Error(`record ${index + 1} has ${fields.length} fields, the header ${header.length}`);
    return Object.fromEntries(header.map((name, column) => [name, fields[column] ?? '']));
  });
}

function readLines(text: string): string[][] {
  const lines: string[][] = [];
  let fields: string[] = [];
  for (const [, quoted, bare, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    fields.push(quoted?.replaceAll('""', '"') ?? bare ?? '');
    if (end !== '\r\n') continue;
    lines.push(fields);
    fields = [];
  }
  return lines;
}
