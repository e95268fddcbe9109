/**
 * Makes what a plan needs out of a side's description: modules without their functions, which only workers call.
 */
import type { Registered } from '../../model/bench-module.ts';
import type { CellRequest, Contender } from '../../model/contender.ts';
import type { Payload } from '../../model/payload.ts';
import type { Suite } from '../../model/suite.ts';
import type { ContenderData, Description, PayloadData, SuiteData } from './description.ts';

const neverHere = (): never => {
  throw new Error('a module of a side is never called in the process that judges it');
};

export function toContender(
  data: ContenderData,
  request: { url: string; requests: readonly CellRequest[]; refusals: NonNullable<Description['refusals']>[string] },
): Registered<Contender> {
  const reasons = new Map(request.refusals.map(([index, reason]) => [keyOf(request.requests[index]), reason]));
  return { ...data, url: request.url, load: neverHere, unsupported: (asked: CellRequest) => reasons.get(keyOf(asked)) };
}

function keyOf(request: CellRequest | undefined): string {
  return request === undefined ? '' : JSON.stringify([request.payload, request.items, request.variant, request.sink]);
}

export function toPayload({ revives, refusal, ...data }: PayloadData, url: string): Registered<Payload> {
  return {
    ...data,
    url,
    schema: {},
    generate: neverHere,
    ...(revives ? { revive: neverHere } : {}),
    unsupported: () => refusal,
  };
}

export function toSuite(
  data: SuiteData,
  members: { readonly contenders: readonly string[]; readonly payloads: readonly string[] } | undefined,
): Registered<Suite> {
  const has =
    (ids: readonly string[] | undefined) =>
    ({ id }: { readonly id: string }): boolean =>
      ids?.includes(id) === true;
  const { method } = data;
  const common = { ...data, url: '', contenders: has(members?.contenders) };
  const payloads = has(members?.payloads);
  if (method === 'latency') return { ...common, method, layout: 'by-size', payloads };
  if (method === 'size') return { ...common, method, payloads, sizes: [] };
  return { ...common, method, inputs: [] };
}
