/**
 * Text from a measured side made fit for any format: nothing in it can move a cursor, end a line or turn text around.
 *
 * A gate shows names and messages of code that nobody has reviewed yet. Deliberately absent: the escapes of single
 * formats, which know their own markup.
 */

/**
 * One line in which every control character shows as a symbol.
 * @returns a well-formed string: `⏎` for line breaks, `␛` and its like for control characters, `�` for what has none.
 */
export function showText(text: string): string {
  const line = text.toWellFormed().replaceAll(/\r\n|[\n\r\u2028\u2029]/g, '⏎');
  // Beside control characters: marks that reverse the direction of text, and what XML does not allow at all.
  return line.replaceAll(/[\p{Cc}\u202a-\u202e\u2066-\u2069\ufffe\uffff]/gu, symbolOf);
}

function symbolOf(character: string): string {
  const code = character.charCodeAt(0);
  // U+2400 begins a block of pictures for the first 32 control characters, in their order.
  return code < 0x20 ? String.fromCharCode(0x2400 + code) : '\ufffd';
}
