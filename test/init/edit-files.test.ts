import { describe, expect, it } from 'vitest';

import { addIgnored, addScripts, isSameText } from '../../src/init/edit-files.ts';

const scripts = { 'bench:gate': 'wirebench gate' };

describe('scripts of package.json', () => {
  it.each([
    [
      'two blanks',
      '{\n  "name": "a"\n}\n',
      '{\n  "name": "a",\n  "scripts": {\n    "bench:gate": "wirebench gate"\n  }\n}\n',
    ],
    [
      'four blanks',
      '{\n    "scripts": {\n        "a": "b"\n    }\n}',
      '{\n    "scripts": {\n        "a": "b",\n        "bench:gate": "wirebench gate"\n    }\n}',
    ],
    [
      'tabs',
      '{\n\t"scripts": {\n\t\t"a": "b"\n\t}\n}\n',
      '{\n\t"scripts": {\n\t\t"a": "b",\n\t\t"bench:gate": "wirebench gate"\n\t}\n}\n',
    ],
    [
      'line ends of Windows',
      '{\r\n  "scripts": {\r\n    "a": "b"\r\n  }\r\n}\r\n',
      '{\r\n  "scripts": {\r\n    "a": "b",\r\n    "bench:gate": "wirebench gate"\r\n  }\r\n}\r\n',
    ],
    [
      'a mark of the byte order',
      '\uFEFF{\n  "scripts": {\n    "a": "b"\n  }\n}\n',
      '\uFEFF{\n  "scripts": {\n    "a": "b",\n    "bench:gate": "wirebench gate"\n  }\n}\n',
    ],
  ])('are added as the file is written: %s', (_name, before, after) => {
    expect(addScripts(before, scripts)).toBe(after);
    expect(addScripts(after, scripts)).toBe(after);
  });

  it('leave a script of the same name alone, and lists on one line as they are', () => {
    const text = '{\n  "files": ["dist", "src"],\n  "scripts": {\n    "bench:gate": "mine"\n  }\n}\n';
    expect(addScripts(text, scripts)).toBe(text);
    expect(addScripts(text, { other: 'x' })).toContain('"files": ["dist", "src"],');
  });
});

describe('lines of .gitignore', () => {
  it.each([
    ['', 'results/gate/\n'],
    ['dist', 'dist\nresults/gate/\n'],
    ['dist\r\n', 'dist\r\nresults/gate/\r\n'],
    ['/results/gate', '/results/gate'],
    ['results/gate/**\n', 'results/gate/**\n'],
    ['results/\n', 'results/\n'],
    ['/results\n', '/results\n'],
    // Another directory, and a comment.
    ['my-results/\n# results/\n', 'my-results/\n# results/\nresults/gate/\n'],
  ])('are added where nothing ignores it yet: %j', (before, after) => {
    expect(addIgnored(before, ['results/gate/'])).toBe(after);
    expect(addIgnored(after, ['results/gate/'])).toBe(after);
  });
});

describe('texts', () => {
  it('are the same where only their line ends differ', () => {
    expect(isSameText('a\r\nb\r\n', 'a\nb\n')).toBe(true);
    expect(isSameText('a\nb', 'a\nb\n')).toBe(false);
  });
});
