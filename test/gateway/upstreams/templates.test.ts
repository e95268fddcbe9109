/**
 * Which URIs a server's templates make, whatever the templates look like.
 */
import { describe, expect, it } from 'vitest';

import { findByTemplate, listTemplates } from '../../../src/gateway/upstreams/templates.ts';

const naming = { separator: '-' };

function fits(uriTemplate: string, own: string): boolean {
  const servers = [{ slug: 'one', templates: [{ uriTemplate }] }];
  return findByTemplate(servers, { uri: `one+${own}`, naming })?.own === own;
}

describe('a template', () => {
  it.each([
    ['a://{id}/data', 'a://12/data', true],
    ['a://{id}/data', 'a:///data', false],
    ['a://{id}/data', 'a://1/2/data', false],
    ['a://{id}/data', 'a://1/data/more', false],
    ['a://{+path}/data', 'a://1/2/data', true],
    ['a://x{?q}', 'a://x?q=1/2', true],
    ['a://x{?q}', 'a://x', true],
    ['a://{id}data', 'a://datadata', true],
    ['a://{a}-{b}/{c}', 'a://1-2-3/4', true],
    ['a://{a}-{b}/{c}', 'a://12/4', false],
    ['a://(.*)', 'a://anything', false],
    ['a://{id}', 'a://{id}', true],
  ])('%s makes %s: %s', (uriTemplate, uri, isOne) => {
    expect(fits(uriTemplate, uri)).toBe(isOne);
  });

  it('of many expressions is as quickly told apart from a long URI', () => {
    const many = `a://${'{x}'.repeat(40)}!`;
    expect(fits(many, `a://${'y'.repeat(5_000)}`)).toBe(false);
    expect(fits(many, `a://${'y'.repeat(5_000)}!`)).toBe(true);
  });

  it('is of the server under whose name it is asked for', () => {
    const servers = ['one', 'two'].map((slug) => ({ slug, templates: [{ uriTemplate: 'a://{id}' }] }));
    expect(findByTemplate(servers, { uri: 'two+a://1', naming })?.server).toBe(servers[1]);
    expect(findByTemplate(servers, { uri: 'three+a://1', naming })).toBeUndefined();
    expect(listTemplates(servers, naming).map(({ uriTemplate }) => uriTemplate)).toEqual([
      'one+a://{id}',
      'two+a://{id}',
    ]);
  });
});
