/**
 * Which modules a file of TypeScript names, read by a parser: text that only looks like an import is none.
 */
import { parseSync, Visitor } from 'oxc-parser';

/** What a file refers to, each as it is written and in the order of the file. */
export interface Imports {
  /** Specifiers of imports and exports, of types too, and of `import()` with a literal. */
  readonly specifiers: readonly string[];
  /** Relative files that it names as URLs beside itself, such as the program of a worker. */
  readonly urls: readonly string[];
  /** Modules that it names by `siblingModule`, without their extension. */
  readonly siblings: readonly string[];
}

/** @throws {Error} where the text does not parse. */
export function readImports(file: string, text: string): Imports {
  const { program, errors } = parseSync(file, text);
  if (errors[0] !== undefined) throw new Error(`${file}: ${errors[0].message}`);
  const specifiers: string[] = [];
  const urls: string[] = [];
  const siblings: string[] = [];
  const visitor = new Visitor({
    ImportDeclaration: ({ source }) => void specifiers.push(source.value),
    ExportAllDeclaration: ({ source }) => void specifiers.push(source.value),
    ExportNamedDeclaration: ({ source }) => void (source && specifiers.push(source.value)),
    ImportExpression: ({ source }) => void (source.type === 'Literal' && specifiers.push(String(source.value))),
    TSImportType: ({ source }) => void specifiers.push(source.value),
    NewExpression: ({ callee, arguments: [first, second] }) => {
      const beside = second?.type === 'MemberExpression' && second.object.type === 'MetaProperty';
      if (callee.type !== 'Identifier' || callee.name !== 'URL' || !beside || first?.type !== 'Literal') return;
      urls.push(String(first.value));
    },
    CallExpression: ({ callee, arguments: [first] }) => {
      if (callee.type !== 'Identifier' || callee.name !== 'siblingModule' || first?.type !== 'Literal') return;
      siblings.push(String(first.value));
    },
  });
  visitor.visit(program);
  return { specifiers, urls, siblings };
}
