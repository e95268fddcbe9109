/**
 * Which Node.js a workflow installs: the one that the project asks for where wirebench runs on it, else one that it does.
 *
 * Sources: the documentation of `engines` in package.json, nvm's of .nvmrc, and setup-node's of version files.
 */
import type { Project } from './project.ts';

/** A line that every version of wirebench's range has a release of; used where the project decides nothing. */
const usualLine = '24';

/**
 * @param request.files texts of .nvmrc and .node-version by their name; @param request.engines of package.json;
 * @param request.running the version that runs; @param request.isSupported by wirebench.
 */
export function chooseNode(request: {
  files: Readonly<Record<string, string>>;
  engines: string | undefined;
  running: string;
  isSupported: (version: string) => boolean;
}): Project['node'] {
  const { files, engines, running, isSupported } = request;
  const [named] = Object.entries(files);
  const usual = isSupported(running) ? lineOf(running) : usualLine;
  if (named !== undefined) {
    const [from, text] = named;
    const range = text.trim().replace(/^v(?=\d)/, '');
    // An alias such as lts/* may be any version.
    return { asked: { range, from }, ...decide(range, { usual, isSupported, isOpen: !/^\d/.test(range) }) };
  }
  if (engines !== undefined) {
    const isOpen = !/^[\^~=v]*\d+/.test(engines.trim());
    return { asked: { range: engines, from: 'engines' }, ...decideEngines(engines, { usual, isSupported, isOpen }) };
  }
  return { workflow: usual, isAsked: true };
}

interface Choice {
  readonly usual: string;
  readonly isSupported: (version: string) => boolean;
  /** True where newer lines than those that are named fit as well. */
  readonly isOpen: boolean;
}

function decide(
  version: string,
  { usual, isSupported, isOpen }: Choice,
): Pick<Project['node'], 'workflow' | 'isAsked'> {
  if (isOpen) return { workflow: usual, isAsked: true };
  // A whole version is taken as it is, and of a line its newest release.
  if (/^\d+\.\d+\.\d+$/.test(version) && isSupported(version)) return { workflow: version, isAsked: true };
  const line = lineOf(version);
  const isLine = /^\d+(?:\.x)*$/.test(version);
  if (isSupported(`${line}.999.999`)) return { workflow: line, isAsked: isLine };
  return { workflow: usualLine, isAsked: false };
}

function decideEngines(engines: string, choice: Choice): Pick<Project['node'], 'workflow' | 'isAsked'> {
  const lines = [...engines.matchAll(/\d+(?:\.\d+)*/g)].map(([version]) => lineOf(version));
  const fitting = lines.filter((line) => choice.isSupported(`${line}.999.999`));
  if (choice.isOpen && !/[<|-]/.test(engines)) {
    const lowest = Number(lines[0] ?? 0);
    const workflow = Number(choice.usual) >= lowest ? choice.usual : String(lowest);
    return { workflow, isAsked: true };
  }
  if (fitting.includes(choice.usual)) return { workflow: choice.usual, isAsked: true };
  // `>=20 <23`: the bounds are named, and a line between them may be the one that fits.
  const [lowest, highest] = [Math.min(...lines.map(Number)), Math.max(...lines.map(Number))];
  const between = Array.from({ length: Math.max(0, highest - lowest + 1) }, (_, index) => String(highest - index)).find(
    (line) => choice.isSupported(`${line}.999.999`) && !new RegExp(`<\\s*${line}(?:\\.0)*(?:\\D|$)`).test(engines),
  );
  return between === undefined ? { workflow: usualLine, isAsked: false } : { workflow: between, isAsked: true };
}

function lineOf(version: string): string {
  return /^\d+/.exec(version)?.[0] ?? usualLine;
}
