/**
 * What a gate stores: its sides, duets and verdicts, and what is recorded as evidence for the gate itself.
 *
 * Types only; verdicts are made in src/gate and told in src/report/gate.
 */
import type { MicroCellId, CellStatus } from './cell.ts';
import type { Environment } from './environment.ts';
import type { Bytes, Nanoseconds } from './values.ts';

/** The older and the newer side of a gate. */
export type SideName = 'baseline' | 'candidate';

/** What one side of a gate is made of. */
export interface Side {
  readonly name: SideName;
  /** What the user named: a ref, or `working tree`. */
  readonly ref: string;
  /** The commit, with `-dirty` where a working tree differs from it. */
  readonly commit: string;
  /** Version of the Node.js that runs this side. */
  readonly node: string;
  /** Installed version by package name, of the packages that contenders name. */
  readonly packages: { readonly [name: string]: string };
}

/** A first look at every cell, or the fresh forks on which alone a verdict of the suspects rests. */
export type GateStage = 'screen' | 'confirm';

/** What one side's process said of its cell in one duet. */
export interface DuetSide {
  readonly status: CellStatus;
  /** Present unless `status` is `ok`. */
  readonly reason?: string;
  /** Median over the blocks, per operation; this and what follows where the duet was measured. */
  readonly latencyNs?: Nanoseconds;
  readonly outputBytes?: Bytes;
  readonly allocatedBytesPerOp?: Bytes;
}

/** One cell measured once on both sides, in fresh processes that take turns. */
export interface Duet {
  readonly cell: MicroCellId;
  readonly stage: GateStage;
  /** Counts the duets of a cell and stage from 0; orders alternate with it. */
  readonly fork: number;
  readonly baseline: DuetSide;
  readonly candidate: DuetSide;
  /**
   * Medians over the pairs of blocks, so one value each a fork; absent where a side could not be measured.
   * `logRatio`: ln(time of the candidate / time of the baseline), more is slower. `nullLogRatio`: the same for a second
   * process of the baseline against the first; only where the stage has one.
   */
  readonly logRatio?: number;
  readonly nullLogRatio?: number;
  readonly opsPerBlock?: number;
  readonly warnings: readonly string[];
}

/** How much worse each measure may become, as a share: 0.03 allows 3%. */
export interface Tolerance {
  readonly time: number;
  readonly outputBytes: number;
  readonly allocations: number;
}

/**
 * What the gate says of a cell. `new` has no baseline, `gone` no candidate; `failed`: the candidate cannot be measured
 * and the baseline can; `unmeasured`: neither can.
 */
export type Verdict = 'pass' | 'regression' | 'improvement' | 'inconclusive' | 'new' | 'gone' | 'unmeasured' | 'failed';

/**
 * A change as a share of the baseline, candidate / baseline - 1, so more is worse; bounds where there are enough forks.
 */
export interface Change {
  readonly value: number;
  readonly lo?: number;
  readonly hi?: number;
  readonly confidence?: number;
}

/** Change of a near-exact count between the sides. */
export interface CountChange {
  readonly baseline: Bytes;
  readonly candidate: Bytes;
  readonly change: number;
  readonly verdict: 'pass' | 'regression' | 'improvement';
}

/** A cell of a gate session with its verdict. */
export interface GateCell {
  readonly cell: MicroCellId;
  readonly verdict: Verdict;
  /** One sentence without a full stop that says what decided. */
  readonly reason: string;
  /** The stage whose forks decided. */
  readonly stage: GateStage;
  readonly tolerance: Tolerance;
  /** Change in time; absent where nothing could be timed. */
  readonly time?: Change;
  /** What the same procedure shows where nothing differs; only where it was measured. */
  readonly nullArm?: Change;
  /** Smallest change in time that these forks would show in four of five sessions, as a share. */
  readonly detectable?: number;
  readonly outputBytes?: CountChange;
  readonly allocations?: CountChange;
  readonly duets: readonly Duet[];
}

/** One invocation of `wirebench gate` on two refs. */
export interface GateSession {
  readonly gateVersion: 1;
  /** How the gate is called where it ran, for commands that repeat a cell, e.g. `npx wirebench gate`. */
  readonly invocation?: string;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly seed: number;
  readonly baseline: Side;
  readonly candidate: Side;
  readonly environment: Environment;
  /** Chance, at most, that a session without any change fails. */
  readonly falseAlarmRate: number;
  readonly cells: readonly GateCell[];
  /** Cells that were not measured and why: no time within the budget, or not supported. */
  readonly leftOut: readonly { readonly cell: MicroCellId; readonly reason: string }[];
  /** `regression` if any cell regressed, else `failed`, `inconclusive` or `pass`. */
  readonly verdict: 'pass' | 'regression' | 'inconclusive' | 'failed';
  readonly interrupted?: boolean;
  readonly warnings: readonly string[];
}

// ---------------------------------------------------------------------------------------------------------------
// What is recorded as evidence for the gate
// ---------------------------------------------------------------------------------------------------------------

/** What was done to a side on purpose. `repeat`: a share of the operations is done twice. */
export type InjectedChange =
  | { readonly kind: 'none' }
  | { readonly kind: 'repeat'; readonly share: number; readonly side: SideName }
  | { readonly kind: 'mutant'; readonly mutant: string };

/** `quiet`: nothing else runs. `busy`: one endless loop beside the measurement. */
export type MachineLoad = 'quiet' | 'busy';

/** A duet of a known change under known conditions; sessions are replayed from many of them. */
export interface RecordedDuet {
  readonly load: MachineLoad;
  readonly injected: InjectedChange;
  readonly duet: Duet;
}

/** A whole session, carried out for the evidence. */
export interface LiveSession {
  readonly load: MachineLoad;
  /** Done to one cell of the session only. */
  readonly injected: InjectedChange;
  readonly cell?: MicroCellId;
  readonly durationMs: number;
  readonly verdict: GateSession['verdict'];
  readonly cells: readonly { readonly cell: MicroCellId; readonly verdict: Verdict; readonly time?: Change }[];
}

/** Everything that `wirebench gate --power` measures; what it says is computed from this. */
export interface PowerEvidence {
  readonly powerVersion: 1;
  readonly startedAt: string;
  readonly environment: Environment;
  readonly tolerance: number;
  readonly falseAlarmRate: number;
  readonly screenForks: number;
  /** Fresh duets of a suspect, at most. */
  readonly confirmForks: number;
  /** After which of them it is looked at; absent where that is after all of them. */
  readonly looks?: readonly number[];
  readonly duets: readonly RecordedDuet[];
  readonly sessions: readonly LiveSession[];
}

/** Counts over the replayed sessions. */
export interface ReplayResult {
  readonly slowdown: number;
  readonly sessions: number;
  /** Sessions in which the changed cell failed; 0 where none was changed. */
  readonly detected: number;
  /** Sessions in which a cell failed that was not changed. */
  readonly falseFailures: number;
  /** Sessions whose verdict was inconclusive. */
  readonly inconclusiveSessions: number;
  /** Cells, over all sessions, that were not changed: how many there were, how many failed or were inconclusive. */
  readonly untouched: { readonly cells: number; readonly failed: number; readonly inconclusive: number };
  /** Suspects a session, on average. */
  readonly suspects: number;
  /** Fresh duets a session, of all its suspects, on average. */
  readonly freshDuets: number;
  /** How far the rates may lie from those of forks that were not recorded; where it was computed. */
  readonly bounds?: ReplayBounds;
}

/** What replays can say about forks that nobody recorded: sessions drawn from one recording are no independent ones. */
export interface ReplayBounds {
  /**
   * Bounds on the share of sessions, cells and recordings drawn anew; and what so few independent sessions allow at
   * most.
   */
  readonly falseFailures: { readonly lo: number; readonly hi: number };
  readonly detected: { readonly lo: number; readonly hi: number };
  /**
   * Sessions that could have been made of the recorded forks using each of them once; below 1 where there are too few
   * for one.
   */
  readonly independentSessions: number;
}

/** How live sessions of one kind ended. */
export interface LiveCounts {
  readonly load: MachineLoad;
  readonly injected: InjectedChange;
  readonly sessions: number;
  /** Sessions in which the changed cell failed. */
  readonly detected: number;
  /** 95% bounds on the rate behind it. */
  readonly detectionBounds: { readonly lo: number; readonly hi: number };
  /** Sessions in which an unchanged cell failed. */
  readonly falseFailures: number;
  /** 95% bounds on the rate behind it. */
  readonly falseFailureBounds: { readonly lo: number; readonly hi: number };
  readonly inconclusiveSessions: number;
  readonly untouched: { readonly cells: number; readonly failed: number; readonly inconclusive: number };
  readonly longestMs: number;
}

/** How duets without any change scatter. */
export interface SpreadBetweenForks {
  readonly cells: number;
  /** Median over the cells of the mean ln ratio, signed: what one side has over the other where nothing differs. */
  readonly medianDifference: number;
  /** Of the standard deviations of ln ratio between the forks of a cell. */
  readonly medianSpread: number;
  readonly largestSpread: number;
}

/** What the same cell shows with a change of known size. */
export interface InjectedEffect {
  readonly cell: MicroCellId;
  readonly injected: InjectedChange;
  readonly forks: number;
  /** Shares; candidate / baseline - 1. */
  readonly measured: { readonly value: number; readonly lo?: number; readonly hi?: number };
}

/** What a recording says; computed, never stored. */
export interface PowerSummary {
  /** Replays by load, in the order of the curve; absent where too little was recorded. */
  readonly replays: Readonly<Partial<Record<MachineLoad, readonly ReplayResult[]>>>;
  readonly live: readonly LiveCounts[];
  readonly injected: readonly InjectedEffect[];
  readonly spread: Readonly<Partial<Record<MachineLoad, SpreadBetweenForks>>>;
}
