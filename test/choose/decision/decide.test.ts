import { describe, expect, it } from 'vitest';

import { decide, selectFinalists } from '../../../src/choose/decision/decide.ts';
import { cell, contender, part, reference, request, rounds } from '../synthetic-workload.ts';

const plain = contender(reference);
const quick = contender('quick');
const compiled = contender('compiled', ['needs-schema', 'compiles-schema', 'drops-unknown-fields']);
const binary = contender('binary', ['binary']);

function standings(decision: ReturnType<typeof decide>): Record<string, string> {
  return Object.fromEntries(decision.candidates.map((own) => [own.contender, own.standing]));
}

describe('the recommendation', () => {
  it('is the fastest where it gains more than the margin beyond doubt', () => {
    const decision = decide(request([plain, quick], [cell(reference, rounds(1000)), cell('quick', rounds(500, 2))]));
    expect(decision.recommendation).toMatchObject({
      contender: 'quick',
      best: 'quick',
      because: 'fastest',
      tiedWith: [],
      regret: 0,
    });
    expect(decision.recommendation?.overReference?.ratio).toBeCloseTo(2, 1);
    expect(standings(decision)).toEqual({ quick: 'recommended', plain: 'slower' });
  });

  it('is the simpler one where the difference is within the margin', () => {
    const decision = decide(request([plain, quick], [cell(reference, rounds(1000)), cell('quick', rounds(970, 2))]));
    expect(decision.recommendation).toMatchObject({
      contender: reference,
      best: 'quick',
      because: 'simplest',
      tiedWith: ['quick'],
    });
    expect(decision.recommendation?.regret).toBeGreaterThan(0.03);
    expect(decision.recommendation?.regret).toBeLessThan(0.06);
    expect(decision.recommendation?.overReference).toBeUndefined();
  });

  it('is the simpler one where rounds scatter too much to tell', () => {
    const wild = [600, 1500, 700, 1400, 650, 1300];
    const decision = decide(request([plain, quick], [cell(reference, wild), cell('quick', wild.toReversed())]));
    expect(decision.recommendation?.contender).toBe(reference);
    expect(decision.recommendation?.regret).toBeGreaterThan(0.3);
  });

  it('takes the margin as given', () => {
    const cells = [cell(reference, rounds(1000)), cell('quick', rounds(970, 2))];
    expect(decide(request([plain, quick], cells, { margin: 0.001 })).recommendation?.contender).toBe('quick');
  });

  it('asks for a saving that somebody could notice', () => {
    const cells = [cell(reference, rounds(1000)), cell('quick', rounds(500, 2))];
    expect(decide(request([plain, quick], cells, { leastSavingNs: 400 })).recommendation?.contender).toBe('quick');
    const decision = decide(request([plain, quick], cells, { leastSavingNs: 600 }));
    expect(decision.recommendation).toMatchObject({ contender: reference, best: 'quick', because: 'simplest' });
  });

  it('prefers fewer burdens among those that nobody is shown to beat', () => {
    const cells = [cell(reference, rounds(2000)), cell('quick', rounds(1000, 1)), cell('compiled', rounds(990, 2))];
    const decision = decide(request([plain, quick, compiled], cells));
    expect(decision.recommendation).toMatchObject({ contender: 'quick', best: 'compiled', tiedWith: ['compiled'] });
    expect(standings(decision)).toEqual({ quick: 'recommended', compiled: 'tied', plain: 'slower' });
  });

  it('needs three rounds', () => {
    const two = decide(request([plain, quick], [cell(reference, [1000, 1001]), cell('quick', [500, 501])]));
    expect(two.recommendation).toBeUndefined();
    const decision = decide(request([plain, quick], [cell(reference, [1000]), cell('quick', [500])]));
    expect(decision.recommendation).toBeUndefined();
    expect(decision.candidates).toHaveLength(2);
  });

  it('says that only one is left', () => {
    const bad = cell('quick', [], { status: 'incorrect', reason: 'at /a: wrote 1 where 2 was expected', forks: [] });
    const decision = decide(request([plain, quick], [cell(reference, rounds(1000)), bad]));
    expect(decision.recommendation).toMatchObject({ contender: reference, because: 'only', regret: 0 });
  });
});

describe('eligibility', () => {
  it('comes before speed: who changes the data is out, with the place and both values', () => {
    const bad = cell('quick', [], {
      status: 'incorrect',
      reason: 'at /0/note: wrote "a" where "b" was expected',
      forks: [],
    });
    const decision = decide(request([plain, quick], [cell(reference, rounds(1000)), bad]));
    expect(decision.candidates.at(-1)).toMatchObject({
      contender: 'quick',
      standing: 'excluded',
      reason: 'incorrect: at /0/note: wrote "a" where "b" was expected',
    });
  });

  it('is lost by one wrong part of a mix', () => {
    const second = { ...part, payload: 'other', share: 0.1 };
    const cells = [
      cell(reference, rounds(1000)),
      cell(reference, rounds(1000), { payload: 'other' }),
      cell('quick', rounds(10)),
      cell('quick', [], { payload: 'other', status: 'failed', reason: 'threw: no', forks: [] }),
    ];
    const decision = decide(request([plain, quick], cells, { parts: [{ ...part, share: 0.9 }, second] }));
    expect(decision.candidates.at(-1)).toMatchObject({ standing: 'excluded', reason: 'failed on other: threw: no' });
    expect(decision.recommendation?.contender).toBe(reference);
  });

  it('asks for consent where clients would notice', () => {
    const cells = [cell(reference, rounds(1000)), cell('binary', rounds(100, 1))];
    const refused = decide(request([plain, binary], cells));
    expect(refused.candidates.find((own) => own.contender === 'binary')).toMatchObject({
      standing: 'not-accepted',
      reason: 'binary',
    });
    expect(refused.recommendation?.contender).toBe(reference);
    expect(decide(request([plain, binary], cells, { accepted: ['binary'] })).recommendation?.contender).toBe('binary');
  });

  it('is refused by name', () => {
    const decision = decide(
      request([plain, compiled], [cell(reference, rounds(1000))], {
        refused: new Map([['compiled', 'unsupported: not trusted']]),
      }),
    );
    expect(decision.candidates.at(-1)).toMatchObject({
      contender: 'compiled',
      standing: 'excluded',
      reason: 'unsupported: not trusted',
    });
  });
});

describe('what a candidate costs', () => {
  it('is weighed by the shares of a mix, round by round', () => {
    const parts = [
      { ...part, share: 0.75 },
      { ...part, payload: 'other', share: 0.25 },
    ];
    const cells = [
      cell(reference, [100, 100, 100]),
      cell(reference, [1000, 1000, 1000], { payload: 'other' }),
      cell('quick', [50, 50, 50]),
      cell('quick', [2000, 2000, 2000], { payload: 'other' }),
    ];
    const { candidates } = decide(request([plain, quick], cells, { parts }));
    const own = Object.fromEntries(candidates.map((candidate) => [candidate.contender, candidate]));
    expect(own['plain']?.costNs?.median).toBeCloseTo(325);
    expect(own['quick']?.costNs?.median).toBeCloseTo(537.5);
    expect(own['quick']?.speedup?.ratio).toBeCloseTo(325 / 537.5);
    expect(own['quick']?.outputBytes).toBeCloseTo(100);
    expect(own['quick']?.peakBlockNs).toBe(4000);
  });

  it('counts the responses that pay a compilation off, and never where it is not faster', () => {
    const faster = decide(
      request([plain, compiled], [cell(reference, rounds(1000)), cell('compiled', rounds(500, 1))]),
    );
    expect(faster.candidates.find((own) => own.contender === 'compiled')?.breakEvenCalls).toBe(2);
    expect(faster.candidates.find((own) => own.contender === reference)?.breakEvenCalls).toBeUndefined();
    const slower = decide(
      request([plain, compiled], [cell(reference, rounds(1000)), cell('compiled', rounds(1500, 1))]),
    );
    expect(slower.candidates.find((own) => own.contender === 'compiled')?.breakEvenCalls).toBeNull();
  });

  it('takes the sizes of the reference where a contender writes the same bytes', () => {
    const encoded = [{ encoding: 'br' as const, level: 4, sizeBytes: 30, latencyNs: 700 }];
    const sizes = [cell(reference, [], { suite: 'output-size', encoded, forks: [] })];
    const exact = { ...quick, equality: 'bytes' as const };
    const encodedOf = (contenders: readonly (typeof quick)[]) =>
      decide(
        request(contenders, [cell(reference, rounds(1000)), cell('quick', rounds(500))], { sizes }),
      ).candidates.find((own) => own.contender === 'quick')?.encoded;
    expect(encodedOf([plain, exact])).toEqual(encoded);
    expect(encodedOf([plain, quick])).toBeUndefined();
  });
});

describe('the first look', () => {
  const firstLook = [cell(reference, [1000]), cell('quick', [300]), cell('compiled', [700]), cell('binary', [1])];
  const looked = { ...request([plain, quick, compiled, binary], firstLook), firstLook, screenFactor: 2 };

  it('leaves out who is far behind, whoever is not accepted, and never the reference', () => {
    expect(selectFinalists(looked)).toEqual([reference, 'quick']);
    expect(selectFinalists({ ...looked, screenFactor: 3 })).toEqual([reference, 'quick', 'compiled']);
  });

  it('does not decide: its readings are told apart from those that do', () => {
    const { candidates } = decide({ ...looked, cells: [cell(reference, rounds(1000)), cell('quick', rounds(300, 3))] });
    expect(candidates.find((own) => own.contender === 'compiled')).toMatchObject({ standing: 'screened', rounds: 1 });
    expect(candidates.find((own) => own.contender === 'compiled')?.speedup).toEqual({ reference, ratio: 1000 / 700 });
  });

  it('keeps nobody where even the reference is wrong', () => {
    const bad = [cell(reference, [], { status: 'failed', reason: 'threw: deep', forks: [] })];
    expect(selectFinalists({ ...looked, contenders: [plain], firstLook: bad })).toEqual([]);
  });
});
