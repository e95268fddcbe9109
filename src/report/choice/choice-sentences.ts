/**
 * A choice as sentences: the answer in one paragraph, and the reason why each of the others is not the answer.
 *
 * Every figure comes from the choice. Names and values come from the user's data; the reports make them fit to be read.
 */
import type {
  Bottleneck,
  Burden,
  Candidate,
  Choice,
  Recommendation,
  RuntimeChoice,
  WireLoad,
  WorkloadPart,
} from '../../model/choice.ts';
import {
  formatBoundedRatio,
  formatCount,
  formatList,
  formatPercent,
  formatPlural,
  formatRatio,
  formatSetting,
  formatTime,
} from '../quantities.ts';

/** What each burden is in a sentence, and in a table. */
const words: Readonly<Record<Burden, readonly [string, string]>> = {
  'needs-schema': ['a schema', 'schema'],
  'drops-unknown-fields': ['a schema that names every field (it drops others)', 'complete schema'],
  'skips-escaping-checks': ['text that needs no escaping', 'plain text'],
  lossy: ['values that may be lost', 'loss'],
  binary: ['clients that read its binary format', 'binary clients'],
  envelope: ['clients that unwrap its envelope', 'unwrapping clients'],
  'leaves-text': ['datetimes and UUIDs as text', 'text'],
  'sorts-keys': ['sorted keys', 'sorted keys'],
  partial: ['only a part of the value', 'part'],
  memoizes: ['values that are never changed in place', 'unchanged values'],
  'native-code': ['native code', 'native code'],
  'in-python': ['a program in Python', 'Python'],
  'compiles-schema': ['a schema that may become code', 'trusted schema'],
  dependency: ['a package', 'package'],
};

/** `a schema and a package`; `nothing` for what the runtime has built in. */
export function tellBurdens(burdens: readonly Burden[]): string {
  return burdens.length === 0 ? 'nothing' : formatList(distinct(burdens).map((burden) => words[burden][0]));
}

/** The same for a table: `schema, package`. */
export function listBurdens(burdens: readonly Burden[]): string {
  return burdens.length === 0
    ? 'nothing'
    : distinct(burdens)
        .map((burden) => words[burden][1])
        .join(', ');
}

/** What drops fields or compiles needs a schema for it, so that saying both would say it twice. */
function distinct(burdens: readonly Burden[]): readonly Burden[] {
  if (burdens.includes('drops-unknown-fields'))
    return burdens.filter((burden) => burden !== 'needs-schema' && burden !== 'compiles-schema');
  return burdens.includes('compiles-schema') ? burdens.filter((burden) => burden !== 'needs-schema') : burdens;
}

/** The answer in one paragraph; where there is none, why. */
export function tellAnswer(choice: Choice): string {
  return listAnswer(choice).join(' ');
}

/** The same sentence by sentence. */
export function listAnswer(choice: Choice): string[] {
  const [{ candidates, recommendation }] = choice.runtimes;
  if (recommendation === undefined) return [tellNoAnswer(choice, candidates)];
  const chosen = candidates.find(({ contender }) => contender === recommendation.contender);
  return [
    tellChoice(recommendation, chosen, choice),
    ...tellLead(recommendation, candidates, choice),
    tellCorrectness(candidates),
    ...tellWorth(recommendation, choice),
    ...tellRegret(recommendation),
    ...tellFlips(choice.runtimes),
  ];
}

function tellNoAnswer({ interrupted }: Choice, candidates: readonly Candidate[]): string {
  if (interrupted === true) return 'No recommendation: the measurement was stopped before three rounds had been taken.';
  if (candidates.every(({ standing }) => standing === 'excluded'))
    return 'No recommendation: no contender writes this data right.';
  return 'No recommendation: no contender that is right on this data is also accepted.';
}

function tellChoice({ contender, reference }: Recommendation, chosen: Candidate | undefined, choice: Choice): string {
  const cost = chosen?.costNs === undefined ? [] : [`A response takes ${formatTime(chosen.costNs.median)}`];
  if (contender === reference) {
    return [
      `Stay with ${contender}.`,
      ...cost.map((text) => `${text}, and nothing that was accepted is shown to gain ${tellNeeded(choice)}.`),
    ].join(' ');
  }
  const speedup =
    chosen?.speedup === undefined ? '' : `, ${formatBoundedRatio(chosen.speedup)} the speed of ${reference}`;
  const needs =
    chosen === undefined || chosen.burdens.length === 0 ? [] : [`It asks for ${tellBurdens(chosen.burdens)}.`];
  return [`Use ${contender}.`, ...cost.map((text) => `${text}${speedup}.`), ...needs].join(' ');
}

/** What a less simple contender must gain: `more than 5% and 1.00 µs`. */
export function tellNeeded({ margin, leastSavingNs }: Pick<Choice, 'margin' | 'leastSavingNs'>): string {
  return `more than ${formatSetting(margin)} and ${formatTime(leastSavingNs)}`;
}

function tellLead(
  { contender, best, because, tiedWith }: Recommendation,
  candidates: readonly Candidate[],
  choice: Choice,
): string[] {
  if (because === 'only') return ['It is the only one that is right on this data and accepted.'];
  if (tiedWith.length === 0) return [];
  const fastest = candidates.find((candidate) => candidate.contender === best);
  const [are, ask] = tiedWith.length === 1 ? ['is', 'asks'] : ['are', 'ask'];
  const others = `${formatList(tiedWith)} ${are} not shown to gain ${tellNeeded(choice)} on it and ${ask} for more`;
  if (best === contender || fastest === undefined) return [`${others}.`];
  return [`${others}: the fastest reading, of ${best}, comes with ${tellBurdens(fastest.burdens)}.`];
}

function tellCorrectness(candidates: readonly Candidate[]): string {
  const wrong = candidates.filter(
    ({ standing, reason }) => standing === 'excluded' && reason?.startsWith('incorrect') === true,
  );
  if (wrong.length === 0) return 'Every value came out as it must.';
  const [verb, are] = wrong.length === 1 ? ['does', 'is'] : ['do', 'are'];
  return `${formatList(wrong.map(({ contender }) => contender))} ${verb} not write this data right and ${are} out.`;
}

/** What the switch saves at the given rate, and what limits such a gateway. */
function tellWorth({ contender, reference, bottlenecks }: Recommendation, { cores }: Choice): string[] {
  const [own, other] = bottlenecks;
  if (own === undefined) return [];
  const rate = `${formatCount(own.requestsPerSec)} responses a second${own.isRateGiven ? '' : ' (no rate was given)'}`;
  const cost = `At ${rate} serializing takes ${tellCores(own)}`;
  const saving =
    other === undefined || contender === reference
      ? '.'
      : `, ${tellCores({ cpuMsPerSec: Math.abs(other.cpuMsPerSec - own.cpuMsPerSec) })} ${other.cpuMsPerSec >= own.cpuMsPerSec ? 'less' : 'more'} than with ${reference}.`;
  const [plain] = own.wires;
  return [cost + saving, ...(plain === undefined ? [] : [tellLimit(plain, { cores, own, other })])];
}

/** `0.27 cores`, and milliseconds a second where that is next to nothing. */
function tellCores({ cpuMsPerSec }: Pick<Bottleneck, 'cpuMsPerSec'>): string {
  // A hundredth of a core is the least that two decimals can show.
  return cpuMsPerSec < 10
    ? `${formatTime(cpuMsPerSec * 1e6)} of processor time a second`
    : `${(cpuMsPerSec / 1000).toFixed(2)} cores`;
}

function tellLimit(
  plain: WireLoad,
  { cores, own, other }: { cores: number; own: Bottleneck; other: Bottleneck | undefined },
): string {
  const place = { cpu: `the processor (${formatPlural(cores, 'core')})`, network: 'the network' };
  const limit = `${formatCount(Math.min(plain.cpuLimit, plain.networkLimit))} uncompressed responses a second`;
  if (plain.limitedBy === 'neither') {
    return `Neither processor nor network is near its limit at that rate, so a switch saves processor time and adds no capacity.`;
  }
  if (plain.limitedBy === 'network') {
    return `The network gives out first, at ${limit}, so that a faster serializer frees processor time and sends no more responses; smaller ones would.`;
  }
  const before = other?.wires[0];
  const gain =
    before === undefined
      ? ''
      : `, against ${formatCount(Math.min(before.cpuLimit, before.networkLimit))} with ${other?.contender ?? ''}`;
  return `With ${own.contender} ${place.cpu} would be busy with nothing but serializing at ${limit}${gain}.`;
}

function tellRegret({ regret }: Recommendation): string[] {
  if (regret === undefined) return [];
  if (regret === 0) return ['It is shown to be the fastest of those accepted.'];
  return [
    `If another one is better after all, this choice takes at most ${formatPercent(regret)} more time than that one.`,
  ];
}

function tellFlips(runtimes: readonly RuntimeChoice[]): string[] {
  const [own, ...others] = runtimes;
  const differing = others.filter(
    ({ recommendation }) => recommendation !== undefined && recommendation.contender !== own?.recommendation?.contender,
  );
  if (differing.length === 0) return [];
  return [
    `It depends on the runtime: ${formatList(differing.map(({ runtime, recommendation }) => `under ${runtime} it is ${recommendation?.contender ?? ''}`))}.`,
  ];
}

/** Why a candidate is not the answer, as words for its row. */
export function tellStanding(standing: Candidate['standing']): string {
  const told = {
    recommended: 'recommended',
    tied: 'as good, less simple',
    slower: 'slower',
    screened: 'far behind, one look',
    'not-accepted': 'not accepted',
    excluded: 'out',
  };
  return told[standing];
}

/** One line for a candidate that cannot be recommended, with the evidence. */
export function tellRefusal(candidate: Candidate): string {
  const { contender, standing, reason, speedup } = candidate;
  if (standing === 'excluded') return `${contender}: ${reason ?? ''}`;
  const rough = speedup === undefined ? '' : `; one look: ${formatRatio(speedup.ratio)} the reference's speed`;
  return tellConsent([candidate]) + rough;
}

/** What contenders that need the same consent need. @param candidates length >= 1, with the same reason. */
export function tellConsent(candidates: readonly Candidate[]): string {
  const [{ burdens, reason } = { burdens: [], reason: '' }] = candidates;
  const refused = burdens.filter((burden) => reason?.split(', ').includes(burden) === true);
  const verb = candidates.length === 1 ? 'needs' : 'need';
  return `${formatList(candidates.map(({ contender }) => contender))} ${verb} ${tellBurdens(refused)}, which nobody accepted (--accept ${refused.join(',')})`;
}

/** A part of the workload in one line. */
export function tellPart({ payload, title, items, variant, share, schemaOrigin }: WorkloadPart): string {
  const schema = { given: 'your schema', inferred: 'schema inferred from it', own: 'its own schema' }[schemaOrigin];
  const portion = share === 1 ? '' : `${formatPercent(share)} `;
  return `${portion}${payload}: ${title}, ${formatPlural(items, 'item')}, ${variant} variant, ${schema}`;
}
