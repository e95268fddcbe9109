/**
 * Word lists and the texts made of them: descriptions as people write them for tools, with the characters that make
 * serializers work: quotes, newlines, backticks, accents, CJK and emoji, now and then.
 *
 * All words and sentences are this project's own. Control characters and lone surrogates belong to the type-handling
 * table and not to a realistic catalog.
 */
import type { Generator } from '../model/payload.ts';

type TextSource = Pick<Generator, 'integer' | 'chance' | 'pick'>;

/** Verbs that begin the name of a tool. */
export const VERBS = [
  'search',
  'list',
  'get',
  'create',
  'update',
  'delete',
  'fetch',
  'query',
  'export',
  'import',
  'summarize',
  'render',
  'schedule',
  'validate',
  'convert',
  'archive',
  'restore',
  'compare',
  'assign',
  'publish',
  'merge',
  'resolve',
  'watch',
] as const;

/** Things that tools act on. */
export const NOUNS = [
  'ticket',
  'invoice',
  'report',
  'branch',
  'document',
  'calendar',
  'message',
  'customer',
  'order',
  'dashboard',
  'dataset',
  'image',
  'route',
  'secret',
  'policy',
  'deployment',
  'alert',
  'comment',
  'contract',
  'sensor',
  'shipment',
  'notebook',
  'snapshot',
  'pipeline',
  'catalog',
  'channel',
  'forecast',
  'asset',
  'record',
  'session',
] as const;

/** Names of the systems behind the tools. */
export const SYSTEMS = [
  'harbor',
  'lantern',
  'meadow',
  'granite',
  'orchard',
  'beacon',
  'cinder',
  'willow',
  'summit',
  'juniper',
  'quarry',
  'tidewater',
] as const;

/** People in audit fields and owners of things. */
export const PEOPLE = ['amara', 'bjorn', 'chen', 'divya', 'emeka', 'freja', 'goran', 'hana', 'ines', 'jonas'] as const;

const ADJECTIVES = [
  'open',
  'recent',
  'shared',
  'matching',
  'archived',
  'current',
  'pending',
  'internal',
  'signed',
  'large',
  'monthly',
] as const;
const ENDINGS = [
  'for the current workspace',
  'that the caller may see',
  'in one request',
  'with the newest first',
  'by its identifier',
  'without changing anything',
  'within the given time range',
  'as a short summary',
  'for one team',
  'as structured data',
  'page by page',
  'across all regions',
  'once the review is done',
] as const;
const REMARKS = [
  'Results are limited to what the token allows.',
  'Leave the filter empty to get everything.',
  'All times are in UTC.',
  'Large answers are split into pages.',
  'Call it again with the cursor to go on.',
  'Nothing is written unless `dry_run` is false.',
  'The operation can be repeated safely.',
  'Fields that are not known are left out.',
  'Missing entries are reported and not created.',
  'Prefer the batch form for more than twenty entries.',
  'An unknown identifier is an error.',
  'The answer may lag behind by a minute.',
] as const;

/** Characters that need escaping or more than one byte. */
const RARITIES = [
  'Use "exact phrase" to match whole words.',
  'Use `status:open` as a filter.',
  'Paths look like C:\\data\\inbox.',
  'Example:\n- first page\n- next page',
  'Steps:\n1. look up\n2. confirm\n3. apply',
  'Columns are separated by\ta tab.',
  'Works for names like Zoë, Łukasz and Núñez.',
  'Größe und Währung werden übernommen.',
  'Le résumé est limité à une page.',
  '支持中文查询。',
  '日本語の検索にも対応します。',
  '한국어 이름도 찾습니다.',
  'Ready in seconds 🚀',
  'Handle with care ⚠️',
  'Keeps the team happy 👩‍💻 🎉',
] as const;
/** How often a later sentence is one of the rarities: a few descriptions of a hundred, as in real catalogs. */
const RARITY_CHANCE = 0.08;

/**
 * English-like text of whole sentences; one sentence cut between words where none fits.
 * @param length in UTF-16 units; the text is never longer, and shorter by less than a sentence (or a word, where it is
 * cut). Empty for 0.
 */
export function writeProse(source: TextSource, length: number): string {
  let text = '';
  for (;;) {
    // A text opens in plain words, since some of the rarities are too short to be a description.
    const sentence = text !== '' && source.chance(RARITY_CHANCE) ? source.pick(RARITIES) : writeSentence(source);
    const longer = text === '' ? sentence : `${text} ${sentence}`;
    if (longer.length > length) return text === '' ? cutBetweenWords(sentence, length) : text;
    text = longer;
  }
}

function writeSentence(source: TextSource): string {
  const { chance, pick } = source;
  if (chance(0.35)) return pick(REMARKS);
  const verb = pick(VERBS);
  const opening = `${verb.charAt(0).toUpperCase()}${verb.slice(1)}`;
  return chance(0.5)
    ? `${opening} the ${pick(ADJECTIVES)} ${pick(NOUNS)} ${pick(ENDINGS)}.`
    : `${opening} one ${pick(NOUNS)} and its ${pick(NOUNS)} ${pick(ENDINGS)}.`;
}

function cutBetweenWords(sentence: string, length: number): string {
  const end = sentence.lastIndexOf(' ', length);
  return end > 0 ? sentence.slice(0, end) : cutBetweenCharacters(sentence, length);
}

/** Whole characters only, so that no surrogate pair is cut in two. */
function cutBetweenCharacters(sentence: string, length: number): string {
  let text = '';
  for (const character of sentence) {
    if (text.length + character.length > length) break;
    text += character;
  }
  return text;
}
