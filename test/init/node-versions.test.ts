import { describe, expect, it } from 'vitest';

import { isSupportedNode } from '../../src/cli/node-version.ts';
import { chooseNode } from '../../src/init/node-versions.ts';

const choose = (request: { files?: Record<string, string>; engines?: string; running?: string }) =>
  chooseNode({
    files: request.files ?? {},
    engines: request.engines,
    running: request.running ?? '26.1.0',
    isSupported: isSupportedNode,
  });

describe('the Node.js of the workflow', () => {
  it('is the running one where the project asks for none', () => {
    expect(choose({})).toEqual({ workflow: '26', isAsked: true });
    expect(choose({ running: '20.1.0' })).toEqual({ workflow: '24', isAsked: true });
  });

  it.each([
    ['24', '24', true],
    ['v24\n', '24', true],
    ['24.15.0', '24.15.0', true],
    // wirebench runs on a later release of that line.
    ['24.1.0', '24', false],
    ['20', '24', false],
    ['18.20.1', '24', false],
    ['lts/*', '26', true],
  ])('follows .nvmrc: %j gives %s', (text, workflow, isAsked) => {
    const node = choose({ files: { '.nvmrc': text } });
    expect(node).toMatchObject({ workflow, isAsked, asked: { from: '.nvmrc' } });
  });

  it.each([
    ['>=20', '26', true, '26.1.0'],
    ['>=26', '26', true, '26.1.0'],
    ['>=20', '24', true, '24.15.0'],
    ['>= 28.0.0', '28', true, '26.1.0'],
    ['^22.0.0', '22', true, '26.1.0'],
    ['24.x', '24', true, '26.1.0'],
    ['20.x', '24', false, '26.1.0'],
    ['^20 || ^22 || >=24', '24', true, '26.1.0'],
    ['>=18 <23', '22', true, '26.1.0'],
    ['>=18 <22', '24', false, '26.1.0'],
    ['*', '26', true, '26.1.0'],
  ])('follows engines: %j gives %s', (engines, workflow, isAsked, running) => {
    expect(choose({ engines, running })).toMatchObject({ workflow, isAsked });
  });

  it('is that of a version file before that of engines', () => {
    expect(choose({ files: { '.node-version': '24' }, engines: '22.x' }).asked).toEqual({
      range: '24',
      from: '.node-version',
    });
  });
});
