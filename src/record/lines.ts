/**
 * Splits bytes into lines as they come, in time that grows with the bytes and not with the pieces of one long line.
 */

const lineFeed = 10;
const carriageReturn = 13;

/** A function that takes bytes and calls `onLine` for each line that is whole, without its end (LF or CR LF). */
export function createLineSplitter(onLine: (line: Uint8Array) => void): (bytes: Uint8Array) => void {
  let pieces: Uint8Array[] = [];
  return (bytes) => {
    let start = 0;
    for (let end = bytes.indexOf(lineFeed); end !== -1; end = bytes.indexOf(lineFeed, start)) {
      const line = Buffer.concat([...pieces, bytes.subarray(start, end)]);
      pieces = [];
      start = end + 1;
      onLine(line.at(-1) === carriageReturn ? line.subarray(0, -1) : line);
    }
    if (start < bytes.length) pieces.push(bytes.subarray(start));
  };
}
