/**
 * The reference of what the packages export, written by TypeDoc out of types and comments.
 *
 * TypeDoc needs the compiler's API, which TypeScript 7 does not have; `.pnpmfile.mjs` gives it a TypeScript of its own.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { Application, type TypeDocOptions } from 'typedoc';
import type { PluginOptions } from 'typedoc-plugin-markdown';

import { makeScratchDirectory } from '../../src/process/scratch-directory.ts';
import type { Document } from './list-pages.ts';

/** Where its pages stand. */
export const apiFolder = 'docs/api';

/** What users import, by the file that it comes from. */
const entries: Readonly<Record<string, string>> = {
  'src/index.ts': 'wirebench',
  'packages/serializer/src/index.ts': 'json-response-serializer',
  'packages/serializer/src/http.ts': 'json-response-serializer/http',
  'packages/serializer/src/fastify.ts': 'json-response-serializer/fastify',
  'packages/serializer/src/mcp.ts': 'json-response-serializer/mcp',
};

/** @throws {Error} where a source does not compile. */
export async function describeApi(root: string): Promise<Document[]> {
  const scratch = makeScratchDirectory({ purpose: 'api' });
  try {
    const options: TypeDocOptions & Partial<PluginOptions> = {
      entryPoints: Object.keys(entries).map((file) => path.join(root, file)),
      basePath: root,
      tsconfig: path.join(root, 'docs/site/tsconfig.json'),
      plugin: ['typedoc-plugin-markdown'],
      router: 'module',
      out: scratch.path,
      readme: 'none',
      disableSources: true,
      excludeInternal: true,
      hidePageHeader: true,
      hideBreadcrumbs: true,
      useCodeBlocks: true,
      parametersFormat: 'table',
      interfacePropertiesFormat: 'table',
      classPropertiesFormat: 'table',
      typeAliasPropertiesFormat: 'table',
      typeDeclarationFormat: 'table',
      excludeExternals: true,
      logLevel: 'Error',
    };
    const application = await Application.bootstrapWithPlugins(options);
    const project = await application.convert();
    if (project === undefined) throw new Error('TypeDoc could not read the sources');
    for (const module of project.children ?? []) {
      const file = Object.keys(entries).find((name) => module.name === name.replace(/(?:\/index)?\.ts$/, ''));
      if (file === undefined) throw new Error(`TypeDoc has a module '${module.name}' that is no entry`);
      module.name = entries[file] as string;
    }
    await application.generateOutputs(project);
    return readdirSync(scratch.path, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md'))
      .map((name) => name.replaceAll(path.sep, '/'))
      .map((name) => ({ source: `${apiFolder}/${name}`, text: readFileSync(path.join(scratch.path, name), 'utf8') }))
      .map((document) =>
        document.source === `${apiFolder}/README.md` ? { ...document, text: introduce(document.text) } : document,
      );
  } finally {
    scratch.remove();
  }
}

/** The list of modules, below a sentence that says what they are. */
function introduce(list: string): string {
  const heading =
    '# API\n\nWhat `import … from` gives, by package. `wirebench/serializer` and what lies below it give the same as `json-response-serializer` and its entries.\n\n';
  return heading + list.replace(/^# .*\n+/, '');
}
