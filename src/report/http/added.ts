/**
 * What a server in front adds to each request of the server behind it, in sentences.
 *
 * The processor time is that of the process in front alone, so it comes on top of what the server behind takes by itself.
 */
import { medianOf } from '../../compare/cells.ts';
import { cellsByScenario, takeHeadline } from '../../compare/scenarios.ts';
import type { Run } from '../../model/run.ts';
import type { Block } from '../document.ts';
import { paragraph } from '../parts/blocks.ts';
import { titleRuntime } from '../parts/environment-lines.ts';
import { formatChange, formatMoment, formatTime } from '../quantities.ts';
import { tellLoadShortly, titleOf, titleOfScenario } from './http-words.ts';

/**
 * One paragraph for each scenario; nothing where either of both was not measured.
 * @param request.scenario the only one; all of them where absent.
 */
export function reportAdded(request: { run: Run; contender: string; scenario?: string | undefined }): Block[] {
  const { run, contender } = request;
  const { http, startedAt, environment } = run;
  const suite = http?.suites.find(({ contenders }) => contenders.some(({ id }) => id === contender));
  if (http === undefined || suite === undefined) return [];
  const sentences = cellsByScenario(http, suite.id).flatMap(([scenario, all]) => {
    if (request.scenario !== undefined && request.scenario !== scenario) return [];
    const cells = takeHeadline(all);
    const [front, alone] = [contender, suite.reference].map((id) => cells.find((cell) => cell.id.contender === id));
    if (front === undefined || alone === undefined) return [];
    const [cpu, own] = [front, alone].map((cell) => medianOf(cell, 'cpuNsPerRequest'));
    const [late, early] = [front, alone].map((cell) => medianOf(cell, 'p50Ns'));
    if (cpu === undefined || own === undefined || late === undefined || early === undefined) return [];
    const title = titleOfScenario(http, scenario);
    const load = tellLoadShortly(front.id.load);
    return [
      `To ${title} (${load}) it adds ${formatTime(cpu)} of processor time to the ${formatTime(own)} of ${titleOf(suite, suite.reference)} (${formatChange(cpu / own)}); half of the answers are there after ${formatTime(late)} instead of ${formatTime(early)}.`,
    ];
  });
  const { cpuModel, cores } = environment;
  const where = `Measured ${formatMoment(startedAt)} on ${titleRuntime(environment)}, ${cpuModel}, ${cores} cores, all that serves on one of them.`;
  return sentences.length === 0 ? [] : [...sentences, where].map(paragraph);
}
