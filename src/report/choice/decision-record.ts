/**
 * An architecture decision record of a choice: context, decision, evidence, alternatives, consequences.
 *
 * The headings are those of Nygard's template. Deliberately absent: any sentence that was not computed from the choice,
 * save for what the consequences of a capability are.
 * @see https://cognitect.com/blog/2011/11/15/documenting-architecture-decisions
 */
import type { Candidate, Choice } from '../../model/choice.ts';
import { tabulateCandidates } from './choice-report.ts';
import { tellAnswer, tellBurdens, tellNeeded, tellPart, tellRefusal, tellStanding } from './choice-sentences.ts';
import type { Block, Document, ListItem, Section } from '../document.ts';
import { tellMachine, tellRuntime } from '../parts/environment-lines.ts';
import { formatCount, formatInterval, formatMoment, formatPercent, formatRatio } from '../quantities.ts';
import { showText } from '../../foreign-text.ts';

/** The record; without a recommendation its status says that nothing is decided. */
export function reportDecision(choice: Choice): Document {
  const [{ candidates, recommendation }] = choice.runtimes;
  const subject =
    recommendation === undefined ? 'Response serializer' : `Response serializer: ${recommendation.contender}`;
  const status =
    recommendation === undefined
      ? 'Open: nothing can be recommended on this evidence.'
      : `Proposed on ${choice.startedAt.slice(0, 10)}.`;
  return {
    title: subject,
    blocks: [
      section('Status', [{ kind: 'paragraph', text: status }]),
      section('Context', reportContext(choice)),
      section('Decision', [{ kind: 'paragraph', text: tellAnswer(choice) }]),
      section('Evidence', reportEvidence(choice)),
      section('Alternatives', [
        { kind: 'list', items: candidates.filter(({ standing }) => standing !== 'recommended').map(tellAlternative) },
      ]),
      section('Consequences', [{ kind: 'list', items: tellConsequences(choice) }]),
    ],
  };
}

function reportContext({ workload, cores }: Choice): Block[] {
  const rate =
    workload.requestsPerSec === undefined
      ? 'The rate of responses is not known.'
      : `The gateway sends ${formatCount(workload.requestsPerSec)} responses a second.`;
  return [
    { kind: 'paragraph', text: `Responses of these kinds are serialized, on ${formatCount(cores)} cores. ${rate}` },
    {
      kind: 'list',
      items: workload.parts.flatMap((part): ListItem[] => [
        { text: tellPart(part) },
        ...part.notes.map((note) => ({ text: showText(note) })),
      ]),
    },
  ];
}

function reportEvidence(choice: Choice): Block[] {
  const { environment, startedAt, command, runtimes } = choice;
  return [
    {
      kind: 'paragraph',
      text: `Measured ${formatMoment(startedAt)} on ${tellRuntime(environment)}; ${tellMachine(environment)}.`,
    },
    ...tabulateCandidates(runtimes[0]),
    { kind: 'paragraph', text: 'Measured again by:' },
    { kind: 'code', text: showText(command) },
  ];
}

function tellAlternative(candidate: Candidate): ListItem {
  const { contender, standing, speedup } = candidate;
  if (standing === 'excluded' || standing === 'not-accepted') return { text: tellRefusal(candidate) };
  const bounds =
    speedup?.lo === undefined || speedup.hi === undefined
      ? ''
      : ` (${formatInterval({ lo: speedup.lo, hi: speedup.hi })})`;
  const speed =
    speedup === undefined ? '' : `; ${formatRatio(speedup.ratio)}${bounds} the speed of ${speedup.reference}`;
  return { text: `${contender}: ${tellStanding(candidate)}; asks for ${tellBurdens(candidate.burdens)}${speed}` };
}

function tellConsequences(choice: Choice): ListItem[] {
  const [{ candidates, recommendation }, ...others] = choice.runtimes;
  const chosen = candidates.find(({ contender }) => contender === recommendation?.contender);
  if (recommendation === undefined || chosen === undefined) return [{ text: 'Responses are written as before.' }];
  const duties: readonly (readonly [Candidate['burdens'][number], string])[] = [
    ['dependency', 'One more package has to be kept up to date.'],
    ['needs-schema', 'Every response shape needs a schema that is kept in step with the code.'],
    [
      'drops-unknown-fields',
      'A field that the schema does not name is missing from responses without an error; a contract test has to guard that.',
    ],
    ['native-code', 'Installing needs a prebuilt binary or a compiler.'],
    ['sorts-keys', 'Keys come in sorted order.'],
    ['binary', 'Clients have to read the binary format.'],
    ['envelope', 'Clients have to unwrap the envelope.'],
    ['memoizes', 'Values must not be changed in place without telling the serializer.'],
    ['skips-escaping-checks', 'Text that needs escaping may come out as broken JSON.'],
  ];
  const lost =
    recommendation.regret === undefined
      ? []
      : [
          `If the evidence misleads, responses take at most ${formatPercent(recommendation.regret)} more time than with the best alternative.`,
        ];
  return [
    ...duties.filter(([burden]) => chosen.burdens.includes(burden)).map(([, text]) => text),
    ...(chosen.burdens.length === 0 ? ['Nothing is added to the application.'] : []),
    ...lost,
    `To be looked at again when the runtime's major version, the shape of the responses or the rate changes${others.length === 0 ? '' : '; the runtimes measured are in the report'}, and when something gains ${tellNeeded(choice)} a response.`,
  ].map((text) => ({ text }));
}

function section(title: string, blocks: readonly Block[]): Section {
  return { kind: 'section', title, blocks };
}
