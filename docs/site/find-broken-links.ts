/**
 * Links of a built site that lead nowhere, and whatever it would ask another host for.
 *
 * It reads the files as they were written, so it holds whatever made them.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Sentences, one for each link or address; empty where all is well. */
export function findBrokenLinks(directory: string): string[] {
  const files = new Set(
    readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(directory, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/')),
  );
  const anchors = new Map<string, ReadonlySet<string>>();
  const anchorsOf = (file: string): ReadonlySet<string> => {
    const known = anchors.get(file) ?? readAnchors(readFileSync(path.join(directory, file), 'utf8'));
    anchors.set(file, known);
    return known;
  };
  return [...files]
    .filter((file) => file.endsWith('.html'))
    .flatMap((file) =>
      addressesOf(readFileSync(path.join(directory, file), 'utf8')).flatMap(({ attribute, address }) => {
        if (address.startsWith('data:')) return [];
        if (/^[a-z][a-z+.-]*:/i.test(address) || address.startsWith('//'))
          return attribute === 'href-of-link' || attribute === 'src' ? [`${file} asks for ${address}`] : [];
        if (address.startsWith('/')) return [`${file} has an address from the top of a server: ${address}`];
        const [name = '', fragment] = decodeURI(address).split('#');
        const target = name === '' ? file : path.posix.join(path.posix.dirname(file), name);
        if (!files.has(target)) return [`${file} links ${address}, which is not there`];
        const hasAnchor = fragment === undefined || fragment === '' || anchorsOf(target).has(fragment);
        // What stands behind `#` of a report with filters is their state.
        return hasAnchor || path.posix.basename(target) === 'report.html' ? [] : [`${target} has no part #${fragment}`];
      }),
    );
}

interface Address {
  readonly attribute: 'href' | 'href-of-link' | 'src';
  readonly address: string;
}

function addressesOf(html: string): Address[] {
  // What scripts and styles hold is no markup.
  const markup = html.replaceAll(/<(script|style)\b[^>]*>[\s\S]*?<\/\1>/g, (whole) => whole.replace(/>[\s\S]*/, '>'));
  return [...markup.matchAll(/<(\w+)\b[^>]*?\s(href|src)=(?:"([^"]*)"|'([^']*)'|([^\s>]+))/g)].map(
    ([, element, name, double, single, bare]) => ({
      attribute: name === 'src' ? 'src' : element === 'link' ? 'href-of-link' : 'href',
      address: (double ?? single ?? bare ?? '').replaceAll('&amp;', '&'),
    }),
  );
}

function readAnchors(html: string): Set<string> {
  return new Set([...html.matchAll(/\sid=(?:"([^"]*)"|([^\s>"]+))/g)].map(([, quoted, bare]) => quoted ?? bare ?? ''));
}
