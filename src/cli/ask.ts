/**
 * A question that a person answers at a terminal by yes or no.
 *
 * Deliberately absent: menus and answers of other kinds; whatever can be found out is not asked.
 */
import { createInterface } from 'node:readline/promises';

/**
 * @returns true for `y` and `yes`; false for anything else, and where the input ends or `signal` is aborted.
 */
export async function askPerson(request: {
  question: string;
  input: NodeJS.ReadableStream;
  output: NodeJS.WritableStream;
  signal: AbortSignal;
}): Promise<boolean> {
  const { question, input, output, signal } = request;
  // Lines come from the terminal as it is, so that Ctrl-C reaches the program as it always does.
  const lines = createInterface({ input, output, terminal: false });
  const ended = new Promise<string>((resolve) => {
    lines.once('close', () => resolve(''));
  });
  try {
    const answer = await Promise.race([lines.question(`${question} (y/N) `, { signal }), ended]);
    return /^\s*y(?:es)?\s*$/i.test(answer);
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  } finally {
    lines.close();
  }
}
