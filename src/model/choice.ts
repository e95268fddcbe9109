/**
 * What `wirebench choose` finds out: a workload, the contenders that were weighed for it, and the recommendation.
 *
 * Types only; a choice is computed in src/choose and told in src/report. "A response" is an average response of the
 * workload: costs of its parts, weighted by their shares.
 */
import type { EncodedSize } from './cell.ts';
import type { Capability } from './contender.ts';
import type { Environment } from './environment.ts';
import type { Speedup, Summary } from './metric.ts';
import type { Bytes, Nanoseconds, Variant } from './values.ts';
import type { SuggestedType } from './sample.ts';

/** What an application takes on with a contender: its capabilities that matter there, and whether it is a package. */
export type Burden = Capability | 'dependency';

/** One kind of response in a workload. */
export interface WorkloadPart {
  readonly payload: string;
  readonly title: string;
  readonly items: number;
  readonly variant: Variant;
  /** Share of all responses, in (0, 1]; the shares of a workload sum to 1. */
  readonly share: number;
  /** Where the schema came from: the user, the document itself, or the payload, which has its own. */
  readonly schemaOrigin: 'given' | 'inferred' | 'own';
  /** What the reader must know about this value, one sentence each without a full stop. */
  readonly notes: readonly string[];
  /** Places that look like datetimes or UUIDs and were left as text. */
  readonly suggestedTypes: readonly SuggestedType[];
}

interface Workload {
  readonly parts: readonly WorkloadPart[];
  /** Responses a second; absent where the user gave none. */
  readonly requestsPerSec?: number;
}

/**
 * `recommended`: the answer. `tied`: not shown to be slower than the best by more than the margin, but less simple than
 * the answer. `slower`: shown to be. `screened`: far behind in the first look, so measured once. `not-accepted`: right,
 * but asks for something that the user did not accept. `excluded`: wrong or impossible on this data.
 */
export type CandidateStanding = 'recommended' | 'tied' | 'slower' | 'screened' | 'not-accepted' | 'excluded';

/** A contender as it was weighed. Figures are there where it was measured. */
export interface Candidate {
  readonly contender: string;
  readonly title: string;
  readonly standing: CandidateStanding;
  /** Why, where the standing does not say it all: the pointer and both values, what was not accepted. */
  readonly reason?: string;
  readonly burdens: readonly Burden[];
  /**
   * What every figure here rests on; the two were taken with different procedures and do not compare. Absent without
   * figures.
   */
  readonly evidence?: 'rounds' | 'first-look';
  /** A response in the first look: one reading, to be held against other first looks only. */
  readonly firstLookNs?: Nanoseconds;
  /** Of a response. Bounds where there are several rounds. */
  readonly costNs?: Summary;
  /** The reference's time over this one's, both as this candidate's evidence has them. */
  readonly speedup?: Speedup;
  /** Of all parts together. */
  readonly compileNs?: Nanoseconds;
  /**
   * Responses until compiling is paid off against the reference; `null` where it never is; absent where nothing
   * compiles.
   */
  readonly breakEvenCalls?: number | null;
  /** The longest single call of any part. */
  readonly peakBlockNs?: Nanoseconds;
  readonly allocatedBytesPerOp?: Bytes;
  readonly outputBytes?: Bytes;
  readonly encoded?: readonly EncodedSize[];
  /** Rounds that the figures rest on. */
  readonly rounds: number;
  readonly warnings: readonly string[];
}

/** What one encoding of the responses asks of processor and network. */
export interface WireLoad {
  readonly encoding: 'none' | EncodedSize['encoding'];
  readonly wireBytes: Bytes;
  /** Serializing and compressing one response. */
  readonly cpuNs: Nanoseconds;
  /** Of `cpuNs`, the serializer's part, in [0, 1]. */
  readonly serializerShare: number;
  /** Responses a second at which all cores, or the whole bandwidth, would be busy with nothing else. */
  readonly cpuLimit: number;
  readonly networkLimit: number;
  /** What gives out first; `neither` where the rate is known and far from both. */
  readonly limitedBy: 'cpu' | 'network' | 'neither';
}

/** What a contender costs at the workload's rate, or at 1,000 responses a second where none was given. */
export interface Bottleneck {
  readonly contender: string;
  readonly requestsPerSec: number;
  /** True where the rate is the user's own. */
  readonly isRateGiven: boolean;
  readonly cpuMsPerSec: number;
  readonly wires: readonly WireLoad[];
}

export interface Recommendation {
  readonly contender: string;
  readonly reference: string;
  /** The one with the lowest cost; the recommended one itself, or a less simple one that is not shown to beat it. */
  readonly best: string;
  /**
   * `fastest`: beats every simpler one beyond the margin. `simplest`: nobody is shown to beat it. `only`: nobody else
   * is left.
   */
  readonly because: 'fastest' | 'simplest' | 'only';
  /** Less simple contenders that were not shown to be better. */
  readonly tiedWith: readonly string[];
  /**
   * What it costs at most to be wrong: upper bound of time(recommended) / time(another candidate), the largest over
   * the others, minus 1; 0 where it is shown to be the fastest. Absent without intervals.
   */
  readonly regret?: number;
  /** Of the recommended one over the reference; absent where it is the reference. */
  readonly overReference?: Speedup;
  /** Of the recommended contender first, then of the reference where that is another one. */
  readonly bottlenecks: readonly Bottleneck[];
}

/** A small server that answers through the recommended contender, complete but for the application's own modules. */
export interface Snippet {
  /** The framework's id, e.g. `node-http`. */
  readonly framework: string;
  readonly title: string;
  /** An ES module, ending in a line break. */
  readonly code: string;
}

/** The answer under one runtime. */
export interface RuntimeChoice {
  /** `node 26.1.0`. */
  readonly runtime: string;
  /** Why nothing could be measured there. */
  readonly unavailable?: string;
  /** Best standing first. */
  readonly candidates: readonly Candidate[];
  /** Absent where nothing may be recommended, or too little was measured. */
  readonly recommendation?: Recommendation;
}

export interface Choice {
  readonly choiceVersion: 1;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly seed: number;
  readonly environment: Environment;
  /** What was typed, with credentials replaced. */
  readonly command: string;
  readonly workload: Workload;
  /** What the user accepted and gave: capabilities, what a gain must exceed (a share), machine and network. */
  readonly accepted: readonly Capability[];
  readonly margin: number;
  /** What it must save of a response besides. */
  readonly leastSavingNs: Nanoseconds;
  readonly cores: number;
  readonly bandwidthBitsPerSec: number;
  /** The running one first: its answer is the answer. */
  readonly runtimes: readonly [RuntimeChoice, ...RuntimeChoice[]];
  readonly snippets: readonly Snippet[];
  readonly interrupted?: boolean;
}
