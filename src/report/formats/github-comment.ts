/**
 * A gate session as a comment on a pull request: Markdown that GitHub takes whole, in which text of others names nobody.
 *
 * GitHub looks for names, issues and addresses in the text that Markdown has already made, so a backslash does not keep
 * it from linking them or from telling whoever is named; a character of no width between does. Code spans and blocks
 * are left alone there and here, so that commands can be copied. What is too long loses its end, rows of tables first.
 *
 * @see https://docs.github.com/get-started/writing-on-github, "Basic writing and formatting syntax" and "Autolinked
 * references and URLs"
 */
import type { Block, Document, Table } from '../document.ts';
import type { Format } from '../format.ts';
import { requireSession } from '../gate/require-session.ts';
import { paragraph } from '../parts/blocks.ts';
import { withoutCharts } from '../without-charts.ts';
import { escapeText, renderMarkdown } from './markdown.ts';

export default {
  extension: 'md',
  needs: 'session',
  render(document, options) {
    requireSession(options.session, 'github-comment');
    return shorten({ ...document, blocks: withoutCharts(document.blocks) });
  },
} satisfies Format;

/**
 * UTF-16 units of a comment. GitHub takes 65,536 characters ("body is too long"); the rest is for the line by which a
 * comment is found again.
 */
const mostCharacters = 65_000;

const cutNote = paragraph(
  'This comment has no room for the rest of the report, which is in the summary of the job and in report.md.',
);

function render(document: Document): string {
  return renderMarkdown(document, (text) => withoutLinks(escapeText(text)));
}

/** Text that is Markdown already, without anything that GitHub would link, tell somebody about, or set as a formula. */
function withoutLinks(markdown: string): string {
  return (
    markdown
      // First, since what is put between has this sign itself.
      .replaceAll(/#(?=\d)/g, '#&#8203;')
      .replaceAll('@', '@&#8203;')
      .replaceAll(/\bGH-(?=\d)/gi, '$&&#8203;')
      .replaceAll('://', ':&#8203;//')
      .replaceAll(/\bwww\./gi, 'www&#8203;.')
      .replaceAll('$', '<span>$</span>')
  );
}

function shorten(document: Document): string {
  const whole = render(document);
  if (whole.length <= mostCharacters) return whole;
  const withNote = (blocks: readonly Block[]): string => render({ ...document, blocks: [...blocks, cutNote] });
  const fits = (blocks: readonly Block[]): boolean => withNote(blocks).length <= mostCharacters;
  const kept: Block[] = [];
  for (const block of document.blocks) {
    if (fits([...kept, block])) {
      kept.push(block);
      continue;
    }
    kept.push(...cutBlock(block, (part) => fits([...kept, part])));
    break;
  }
  return withNote(kept);
}

/** As much of a block from its beginning as fits; nothing of what has no parts. */
function cutBlock(block: Block, fits: (part: Block) => boolean): Block[] {
  if (block.kind === 'table') {
    const count = countThatFit(countRows(block), (most) => fits(firstRows(block, most)));
    return count === 0 ? [] : [firstRows(block, count)];
  }
  if (block.kind !== 'answer') return [];
  const firstSentences = (most: number): Block => ({ ...block, sentences: block.sentences.slice(0, most) });
  const count = countThatFit(block.sentences.length, (most) => fits(firstSentences(most)));
  return count === 0 ? [] : [firstSentences(count)];
}

/** The largest count from 0 to `all` that fits, where no count fits that is larger than one that does not. */
function countThatFit(all: number, fits: (count: number) => boolean): number {
  let [fitting, tooMany] = [0, all + 1];
  while (tooMany - fitting > 1) {
    const middle = Math.floor((fitting + tooMany) / 2);
    if (fits(middle)) fitting = middle;
    else tooMany = middle;
  }
  return fitting;
}

function countRows({ groups }: Table): number {
  return groups.reduce((sum, { rows }) => sum + rows.length, 0);
}

function firstRows(table: Table, count: number): Table {
  let left = count;
  const groups = table.groups.flatMap((group) => {
    const rows = group.rows.slice(0, left);
    left -= rows.length;
    return rows.length === 0 ? [] : [{ ...group, rows }];
  });
  return { ...table, groups };
}
