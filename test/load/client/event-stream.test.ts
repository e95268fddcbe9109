/**
 * Streams of events, as servers of MCP may answer with.
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { readEvents } from '../../../src/load/client/event-stream.ts';

describe('readEvents', () => {
  it('joins lines of data, and leaves out what has none', () => {
    const stream = ': a comment\nid: 1\ndata: one\ndata:two\ndata\n\nevent: nothing\n\nretry: 5\ndata:  three\n\n';
    expect(readEvents(stream)).toEqual({ data: ['one\ntwo\n', ' three'], isCutOff: false });
  });

  it('does not count an event without its blank line', () => {
    expect(readEvents('data: one\n\ndata: two\n')).toEqual({ data: ['one'], isCutOff: true });
    expect(readEvents('data: one\n\n: farewell')).toEqual({ data: ['one'], isCutOff: false });
    expect(readEvents('')).toEqual({ data: [], isCutOff: false });
  });

  it('gives back whatever was sent, whichever line ends it has', () => {
    const line = fc.string().map((text) => text.replaceAll(/[\r\n]/g, ''));
    const events = fc.array(fc.array(line, { minLength: 1 }));
    fc.assert(
      fc.property(events, fc.constantFrom('\n', '\r\n', '\r'), (list, end) => {
        const stream = list.map((lines) => [...lines.map((text) => `data: ${text}`), ''].join(end) + end).join('');
        expect(readEvents(stream)).toEqual({ data: list.map((lines) => lines.join('\n')), isCutOff: false });
      }),
    );
  });
});
