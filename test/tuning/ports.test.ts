/**
 * Sets of ports as the kernel writes them, and the ports that servers listen on.
 */
import { assert, integer, property, uniqueArray } from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';

import { findListeningPorts, readPorts, showPorts } from '../../src/tuning/ports.ts';
import { makeFakeHost } from './fake-host.ts';

describe('a set of ports', () => {
  it.each([
    ['', []],
    ['\n', []],
    ['8080', [8080]],
    ['8080,9000-9002', [8080, 9000, 9001, 9002]],
    ['9001,8080,9000-9001', [8080, 9000, 9001]],
    ['65535', [65_535]],
    ['65536', undefined],
    ['9002-9000', undefined],
    ['a', undefined],
    ['1,,2', undefined],
    ['1-', undefined],
    ['-1', undefined],
    ['1 2', undefined],
  ])('reads %j as %j', (text, ports) => {
    expect(readPorts(text)).toEqual(ports);
  });

  it('is written in the fewest words, whatever the order', () => {
    expect(showPorts([9002, 8080, 9000, 9001, 9001])).toBe('8080,9000-9002');
    expect(showPorts([1, 2, 4])).toBe('1-2,4');
    expect(showPorts([])).toBe('');
  });

  it('comes back as it was written', () => {
    assert(
      property(uniqueArray(integer({ min: 1, max: 65_535 })), (ports) => {
        expect(readPorts(showPorts(ports))).toEqual(ports.toSorted((a, b) => a - b));
      }),
    );
  });
});

describe('ports that servers listen on', () => {
  it('are those of both families, each once, without connections', () => {
    const fake = makeFakeHost({ listening: [9000, 22, 9000] });
    onTestFinished(fake.remove);
    const local = `${'0'.repeat(32)}:1F90`;
    fake.write(
      '/proc/net/tcp6',
      `  sl  local_address\n   0: ${local} ${'0'.repeat(32)}:0000 0A 0:0\n   1: ${'0'.repeat(32)}:0FA1 ${'0'.repeat(32)}:0000 01 0:0\n`,
    );
    expect(findListeningPorts(fake.host)).toEqual([22, 8080, 9000]);
  });

  it('are none where the system has no such table', () => {
    const fake = makeFakeHost();
    onTestFinished(fake.remove);
    fake.write('/proc/net/tcp', 'something else\n');
    expect(findListeningPorts(fake.host)).toEqual([]);
  });
});
