/**
 * Fills in what a contender, a payload or a scenario may leave out, for the process that plans and for those that
 * measure.
 */
import type { UserContender, UserPayload } from '../config.ts';
import type { Registered } from '../model/bench-module.ts';
import type { Contender, PythonContender } from '../model/contender.ts';
import type { HttpScenario, ScenarioModule } from '../model/http.ts';
import type { Payload } from '../model/payload.ts';
import type { JsonSchema } from '../model/values.ts';

/** A contender with everything that it may leave out; one that leaves nothing out stays as it is. */
export function completeContender(contender: UserContender | Contender | PythonContender): Contender {
  const defaults = { package: null, tier: 'quick', capabilities: [], equality: 'json' } as const;
  // Only what is written in Python may lack it; a module that merely forgot it has to be found out.
  return isPython(contender) ? { ...defaults, ...contender, load: refuseToLoad } : { ...defaults, ...contender };
}

function isPython(contender: UserContender | Contender | PythonContender): contender is PythonContender {
  return 'python' in contender && !('load' in contender);
}

/** The `load` of what python3 measures: whoever asks a JavaScript process for it gets a row that says so. */
function refuseToLoad(): Promise<never> {
  return Promise.reject(new Error('runs in python3 and not in this process'));
}

/** Item counts of a project's own list; those of the built-in lists without the largest, which few projects send. */
const defaultSizes = [10, 100, 1000];

/**
 * A payload with everything that it may leave out.
 * @param inferSchema called where the payload has none, with the sizes that it is measured at.
 */
export function completePayload(payload: UserPayload, inferSchema: (sizes: readonly number[]) => JsonSchema): Payload {
  // Who ignores the number of items cannot be asked for another one.
  const isScalable = payload.generate.length >= 2;
  const sizes = payload.sizes ?? (isScalable ? defaultSizes : [1]);
  return {
    where: 'this project',
    role: 'response',
    tier: 'quick',
    variants: ['text'],
    list: null,
    ...(payload.sizes === undefined && !isScalable ? { fixedSizes: true } : {}),
    ...payload,
    sizes,
    schema: payload.schema ?? inferSchema(sizes),
  };
}

/** Items of the database behind scenarios that do not depend on its size: an ordinary gateway. */
const ordinaryItems = 100;

/** A scenario as runs store it, with everything that its file may leave out. */
export function completeScenario({ order: _order, url: _url, ...scenario }: Registered<ScenarioModule>): HttpScenario {
  return { items: ordinaryItems, client: 'load', writes: false, volatile: [], sweep: false, ...scenario };
}
