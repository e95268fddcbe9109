/**
 * One POST with requests of MCP in it, until all of them are answered: one JSON body, or a stream of events from the moment
 * on that something comes before the last answer.
 */
import type { Readable } from 'node:stream';

import { headersOfEvents, type McpAnswer } from './mcp-messages.ts';

export interface ExchangeOptions {
  /** Requests that wait for an answer. */
  readonly requests: number;
  readonly isBatch: boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly writeEvent: (message: object) => string;
  readonly createStream: () => Readable;
  /** Says how to answer; once. */
  readonly give: (answer: McpAnswer) => void;
}

export class Exchange {
  readonly #options: ExchangeOptions;
  readonly #answers: object[] = [];
  #waiting: number;
  #stream: Readable | undefined;

  constructor(options: ExchangeOptions) {
    this.#options = options;
    this.#waiting = options.requests;
  }

  answer(message: object): void {
    const { headers, isBatch, writeEvent, give } = this.#options;
    this.#waiting -= 1;
    if (this.#stream !== undefined) {
      this.#stream.push(writeEvent(message));
      if (this.#waiting === 0) this.#stream.push(null);
      return;
    }
    this.#answers.push(message);
    if (this.#waiting === 0) give({ status: 200, headers, body: isBatch ? this.#answers : message });
  }

  /** Sends something else that is about the request: from now on it is a stream. */
  tell(message: object): void {
    const { writeEvent, createStream, headers, give } = this.#options;
    if (this.#stream === undefined) {
      this.#stream = createStream();
      for (const answer of this.#answers) this.#stream.push(writeEvent(answer));
      give({ status: 200, headers: { ...headers, ...headersOfEvents }, body: this.#stream });
    }
    this.#stream.push(writeEvent(message));
  }

  /** Ends it without its answers. */
  end(instead: McpAnswer): void {
    this.#stream?.push(null);
    this.#options.give(instead);
  }
}
