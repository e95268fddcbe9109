/**
 * What one command has to say when its load is over: figures, what they were measured with, and what to read them with.
 */
import type { Engine } from './engine.ts';
import { type EngineFigures, failedOf, type SideFigures } from './figures.ts';
import { compareSides, type Overhead } from './overhead.ts';
import type { LoadShape } from './plan.ts';
import { createHider, hideHeader, showUrl } from './secrets.ts';
import type { HeySettings, Target } from './settings.ts';

/** An address of the load as people may see it. */
export interface ShownTarget {
  readonly url: string;
  readonly method: string;
  readonly headers: readonly string[];
  /** Absent where none is sent. */
  readonly payload?: string;
}

export interface ShownSide {
  readonly target: ShownTarget;
  readonly figures: SideFigures;
}

/** Fit for people, files and programs: no secret is in it. */
export interface HeyResult {
  readonly schemaVersion: 1;
  /** ISO, UTC. */
  readonly startedAt: string;
  readonly interrupted: boolean;
  readonly engine: { readonly name: string; readonly title: string; readonly limits: readonly string[] };
  readonly shape: LoadShape;
  readonly asked: ShownSide;
  readonly direct?: ShownSide;
  readonly overhead?: Overhead;
  /** As in EngineFigures. */
  readonly cpuShare?: number;
  readonly busyShare?: number;
  readonly printed?: string;
}

/** Puts it together, and takes out whatever servers have repeated of secrets. */
export function makeResult(request: {
  settings: HeySettings;
  payloads: readonly (string | undefined)[];
  engine: { name: string; content: Pick<Engine, 'title' | 'limits'> };
  measured: EngineFigures;
  startedAt: Date;
  interrupted: boolean;
}): HeyResult {
  const { settings, payloads, engine, measured, startedAt, interrupted } = request;
  const { asked, direct, ...shape } = settings;
  const hide = hiderOf(settings);
  const [sideOfAsked, sideOfDirect] = measured.sides.map((figures) => hideExamples(figures, hide));
  if (sideOfAsked === undefined) throw new Error('the engine measured nothing');
  const overhead = sideOfDirect === undefined ? undefined : compareSides({ asked: sideOfAsked, direct: sideOfDirect });
  const { cpuShare, busyShare, printed } = measured;
  return {
    schemaVersion: 1,
    startedAt: startedAt.toISOString(),
    interrupted,
    engine: { name: engine.name, title: engine.content.title, limits: engine.content.limits },
    shape,
    asked: { target: showTarget(asked, payloads[0]), figures: sideOfAsked },
    ...(direct === undefined || sideOfDirect === undefined
      ? {}
      : { direct: { target: showTarget(direct, payloads[1]), figures: sideOfDirect } }),
    ...(overhead === undefined ? {} : { overhead }),
    ...(cpuShare === undefined ? {} : { cpuShare }),
    ...(busyShare === undefined ? {} : { busyShare }),
    ...(printed === undefined ? {} : { printed: hide(printed) }),
  };
}

/** A target as people may see it. @param title of a payload that was made up, where that has happened already. */
export function showTarget({ url, method, headers, payload }: Target, title?: string): ShownTarget {
  const planned = {
    none: undefined,
    file: payload.kind === 'file' ? `${payload.file}, ${payload.bytes.length} bytes` : undefined,
    'made up': title ?? 'a call of a tool that the server has, looked up when the load starts',
  }[payload.kind];
  return {
    url: showUrl(url),
    method,
    headers: headers.map(hideHeader).map(({ name, value }) => `${name}: ${value}`),
    ...(planned === undefined ? {} : { payload: planned }),
  };
}

/** Whether any request failed. */
export function hasFailures({ asked, direct }: HeyResult): boolean {
  return [asked, direct].some((side) => side !== undefined && failedOf(side.figures) > 0);
}

function hiderOf({ asked, direct }: HeySettings): (text: string) => string {
  const targets = [asked, ...(direct === undefined ? [] : [direct])];
  return createHider({ headers: targets.flatMap(({ headers }) => headers), urls: targets.map(({ url }) => url) });
}

function hideExamples(figures: SideFigures, hide: (text: string) => string): SideFigures {
  return {
    ...figures,
    failures: figures.failures.map(({ example, ...rest }) => ({
      ...rest,
      ...(example === undefined ? {} : { example: hide(example) }),
    })),
  };
}
