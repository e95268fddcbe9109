/**
 * An architecture decision record of a choice: context, decision, evidence, alternatives, consequences.
 *
 * The headings are those of Nygard's template.
 * @see https://cognitect.com/blog/2011/11/15/documenting-architecture-decisions
 */
import { showText } from '../../foreign-text.ts';
import type { Candidate, Choice } from '../../model/choice.ts';
import type { Block, Document } from '../document.ts';
import { command, list, paragraph, section } from '../parts/blocks.ts';
import { tellMachine, tellRuntime } from '../parts/environment-lines.ts';
import { formatBoundedRatio, formatCount, formatMoment, formatPercent } from '../quantities.ts';
import { showDocument } from '../show-document.ts';
import { tabulateCandidates } from './candidate-tables.ts';
import { tellAnswer, tellBurdens, tellNeeded, tellPart, tellRefusal, tellStanding } from './choice-sentences.ts';

/** The record; without a recommendation its status says that nothing is decided. */
export function reportDecision(choice: Choice): Document {
  const [{ candidates, recommendation }] = choice.runtimes;
  const subject =
    recommendation === undefined ? 'Response serializer' : `Response serializer: ${recommendation.contender}`;
  const status =
    recommendation === undefined
      ? 'Open: nothing can be recommended on this evidence.'
      : `Proposed on ${choice.startedAt.slice(0, 10)}.`;
  return showDocument({
    title: subject,
    blocks: [
      section('Status', [paragraph(status)]),
      section('Context', reportContext(choice)),
      section('Decision', [paragraph(tellAnswer(choice))]),
      section('Evidence', reportEvidence(choice)),
      section(
        'Alternatives',
        list(candidates.filter(({ standing }) => standing !== 'recommended').map(tellAlternative)),
      ),
      section('Consequences', list(tellConsequences(choice))),
    ],
  });
}

function reportContext({ workload, cores }: Choice): Block[] {
  const rate =
    workload.requestsPerSec === undefined
      ? 'The rate of responses is not known.'
      : `The gateway sends ${formatCount(workload.requestsPerSec)} responses a second.`;
  return [
    paragraph(`Responses of these kinds are serialized, on ${formatCount(cores)} cores. ${rate}`),
    ...list(workload.parts.flatMap((part) => [tellPart(part), ...part.notes])),
  ];
}

function reportEvidence(choice: Choice): Block[] {
  const { environment, startedAt, runtimes } = choice;
  return [
    paragraph(`Measured ${formatMoment(startedAt)} on ${tellRuntime(environment)}; ${tellMachine(environment)}.`),
    ...tabulateCandidates(runtimes[0]),
    paragraph('Measured again by:'),
    // A command stays on one line, unlike other program text.
    command(showText(choice.command)),
  ];
}

function tellAlternative(candidate: Candidate): string {
  const { contender, standing, burdens, speedup } = candidate;
  if (standing === 'excluded' || standing === 'not-accepted') return tellRefusal(candidate);
  const speed = speedup === undefined ? '' : `; ${formatBoundedRatio(speedup)} the speed of ${speedup.reference}`;
  return `${contender}: ${tellStanding(standing)}; asks for ${tellBurdens(burdens)}${speed}`;
}

function tellConsequences(choice: Choice): string[] {
  const [{ candidates, recommendation }, ...others] = choice.runtimes;
  const chosen = candidates.find(({ contender }) => contender === recommendation?.contender);
  if (recommendation === undefined || chosen === undefined) return ['Responses are written as before.'];
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
  ];
}
