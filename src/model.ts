/**
 * The vocabulary of wirebench: types and unit aliases, one word for one idea.
 *
 * Everything that crosses a folder boundary is declared here: what `bench/` contributes (contenders, payloads,
 * suites), what a plan holds (cells), and what a run file stores. What one command alone stores stands below model/.
 * Deliberately absent: functions, constants and imports. A unit is part of a name; files and messages hold base units
 * (nanoseconds, bytes).
 */

/** Time in nanoseconds. */
export type Nanoseconds = number;
/** Size in bytes. */
export type Bytes = number;

/** A value that JSON can hold: what `JSON.parse` returns. */
export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };
/** A JSON Schema (draft 2020-12 vocabulary, references resolved before a contender sees it). */
export type JsonSchema = { [key: string]: unknown };
/** A JSON Type Definition (RFC 8927). */
export type JtdSchema = { [key: string]: unknown };

/** `text`: datetimes and UUIDs are strings already. `native`: `Date` objects and 16-byte `UuidValue`s. */
export type Variant = 'text' | 'native';

/**
 * Where a serialized result must end: a `string`, or `bytes` (a UTF-8 Buffer, what a socket takes).
 * For a parser it names the other end of the same wire: what the parser is handed.
 */
export type Sink = 'string' | 'bytes';

/** A UUID as a driver for a 16-byte column returns it: bytes, with the text form one method call away. */
export interface UuidValue {
  readonly bytes: Uint8Array;
  toString(): string;
  toJSON(): string;
}

/** Classes that a contender may have to know to write or restore the `native` variant. */
export interface NativeTypes {
  readonly Uuid: new (bytes: Uint8Array) => UuidValue;
}

// ---------------------------------------------------------------------------------------------------------------
// What bench/ contributes: one file each, the file's name is the id
// ---------------------------------------------------------------------------------------------------------------

/** A module of bench/ together with the id that its file name gives it. */
export type Registered<T> = T & { readonly id: string; readonly url: string };

/** What a reader must know before comparing two rows: each flag says that a contender does other or less work. */
export type Capability =
  | 'needs-schema'
  | 'compiles-schema'
  | 'drops-unknown-fields'
  | 'skips-escaping-checks'
  | 'lossy'
  | 'binary'
  | 'envelope'
  | 'leaves-text'
  | 'sorts-keys'
  | 'partial'
  | 'memoizes'
  | 'native-code'
  | 'in-python';

/**
 * How a contender's output is held against the truth before it is timed.
 * `bytes`: the text equals `JSON.stringify`'s byte for byte. `json`: deep equality after parsing, with the text form
 * of datetimes and UUIDs (in Python, where that has several spellings, the same instant). `round-trip`: the contender's own decoder (or the parser itself) gives back an equal value,
 * `Date`s and `UuidValue`s included.
 */
export type Equality = 'bytes' | 'json' | 'round-trip';

/** What a contender is asked to do, known before any process starts. */
export interface CellRequest {
  readonly payload: string;
  readonly items: number;
  readonly variant: Variant;
  readonly sink: Sink;
}

/** What a contender may use to prepare itself for one payload. Compiling is timed and reported as `compileNs`. */
export interface CompileInput {
  /** The payload's JSON Schema in text form, references resolved: `date-time` and `uuid` are formats of strings. */
  readonly schema: JsonSchema;
  /** The same shape as a JSON Type Definition; converted on the first call. */
  jtd(): JtdSchema;
  readonly types: NativeTypes;
  readonly variant: Variant;
}

interface ContenderBase {
  readonly title: string;
  /** The npm package whose installed version is shown; `null` for what the runtime has built in. */
  readonly package: string | null;
  /** The smallest profile that includes it; larger ones do too. */
  readonly tier: Profile;
  readonly capabilities: readonly Capability[];
  readonly equality: Equality;
  /** One sentence on how the library is configured here, where that is not its default. */
  readonly note?: string;
  /** Why this contender cannot do the cell; `undefined` where it can. The reason is printed. */
  unsupported?(request: CellRequest): string | undefined;
  /** Present where python3 measures the contender in place of a JavaScript worker; it takes part only where asked for. */
  readonly python?: PythonCode;
  /** Contenders that are measured beside this one wherever `--reference` brings it, by id. */
  readonly beside?: readonly string[];
}

/**
 * A contender as Python: its expressions are evaluated once, in one namespace with the imported module and `variant`
 * (`text` or `native`). They mirror `Serializer` and `Parser`: a bytes sink without `encode` encodes the text as UTF-8.
 */
export interface PythonCode {
  /** What is imported; where that fails the rows read `unavailable`. */
  readonly module: string;
  /** The PyPI distribution whose version is recorded; `null` for the standard library. */
  readonly distribution: string | null;
  /** Statements, a line each, run before the expressions. */
  readonly setup?: readonly string[];
  /** A function from a value to `str`. */
  readonly stringify?: string;
  /** A function from a value to `bytes`. */
  readonly encode?: string;
  /** A function from `str` to a value. */
  readonly parseText?: string;
  /** A function from `bytes` to a value. */
  readonly parseBytes?: string;
}

/** What a file of bench/contenders holds for python3: it has nothing to load here, and no usage in JavaScript. */
export type PythonContender =
  | (Omit<SerializeContender, 'load' | 'usage' | 'python'> & { readonly python: PythonCode })
  | (Omit<ParseContender, 'load' | 'python'> & { readonly python: PythonCode });

/** A compiled serializer: `stringify` or `encode`, or both where the library has both. */
export interface Serializer {
  /** Text as the library returns it. */
  stringify?(value: unknown): string;
  /** Bytes as the library returns them; without it the bytes sink encodes the text as UTF-8. */
  encode?(value: unknown): Uint8Array;
  /** Restores a value from the output; needed for `round-trip` equality, never timed. */
  decode?(output: Uint8Array): unknown;
}

export interface SerializeContender extends ContenderBase {
  readonly kind: 'serialize';
  /** Imports the library; a rejected promise makes the contender `unavailable` with that reason. */
  load(): Promise<(input: CompileInput) => Serializer>;
  /** How an application does what is measured here; without it no snippet can be shown. */
  readonly usage?: Usage;
}

/**
 * How an application serializes as a contender does: plain ESM JavaScript in pieces, indented by 2, at most 98 characters
 * wide. Data only, because it travels into reports.
 */
export interface Usage {
  /** npm packages that an application adds; empty for what the runtime has. */
  readonly install: readonly string[];
  /** Import statements, a line each, without those of a framework. */
  readonly imports: readonly string[];
  /** Lines that are done once for the process, comments included. */
  readonly setup: readonly string[];
  /**
   * An expression for the function that makes a string or a Buffer from a value; the function is called with that value
   * alone. Where the contender needs a schema, the expression compiles it from the identifier `schema`.
   */
  readonly serializer: string;
  /** What `schema` has to be like, a line each and at most 95 characters; present where a schema is needed and nowhere else. */
  readonly schemaRules?: readonly string[];
  /** What differs where the values hold Dates. */
  readonly native?: Partial<Omit<Usage, 'native'>>;
  /** Ways into a framework that the library has of its own, by the framework's id. */
  readonly integrations?: Readonly<Record<string, Integration>>;
  /** True for what frameworks do anyway, so that a snippet shows how little it takes. */
  readonly isFrameworkDefault?: true;
}

/** A library's own way into a framework; everything here replaces what the usage says in general. */
export interface Integration {
  readonly install: readonly string[];
  readonly imports: readonly string[];
  readonly setup: readonly string[];
  /** The argument with which the framework's application is made. */
  readonly options?: string;
  /** Lines: for Fastify on `app`; for node:http an answer with `value` on `res`, which may `await`. */
  readonly statements?: readonly string[];
}

/** A compiled parser: `parseText` or `parseBytes`, or both where the library has both. */
export interface Parser {
  /** Makes the wire form that this parser reads from a value; never timed. Without it: UTF-8 JSON text. */
  encode?(value: unknown): Uint8Array;
  parseText?(text: string): unknown;
  /** Without it the bytes sink decodes UTF-8 and calls `parseText`, both timed. */
  parseBytes?(bytes: Uint8Array): unknown;
  /** What a correct result is where the parser reads only a part; never timed. */
  expect?(value: unknown): unknown;
}

export interface ParseContender extends ContenderBase {
  readonly kind: 'parse';
  load(): Promise<(input: CompileInput) => Parser>;
}

/** A way to lay out JSON text that nobody would serve, kept to compare sizes with. */
export interface LayoutContender extends ContenderBase {
  readonly kind: 'layout';
  load(): Promise<(input: CompileInput) => Serializer>;
}

export type Contender = SerializeContender | ParseContender | LayoutContender;

/** A realistic regression: work that a careless change adds around a serializer; its output stays right. */
export interface Mutant {
  readonly title: string;
  /** Done to the value first; what it returns has the same text. The value itself must stay as it is. */
  before?(value: unknown): unknown;
  /** Done to the output, which comes back with the same content. */
  after?<T extends string | Uint8Array>(output: T): T;
}

/** Seeded source of everything in a generated payload; the same seed gives the same values on every machine. */
export interface Generator {
  integer(min: number, max: number): number;
  /** True with the given probability in [0, 1]. */
  chance(probability: number): boolean;
  pick<T>(choices: readonly T[]): T;
  /** English-like text of about `length` characters; now and then quotes, newlines, accents, CJK and emoji. */
  prose(length: number): string;
  /** RFC 3339 with milliseconds and `Z`, as `Date.prototype.toISOString` writes it. */
  datetime(): string;
  /** Canonical lower-case 36-character UUID, version 4. */
  uuid(): string;
  tool(): { [key: string]: JsonValue };
  server(): { [key: string]: JsonValue };
  gateway(): { [key: string]: JsonValue };
  /** A tool as `tools/list` gives it to an MCP client: nulls left out, so shapes differ item by item. */
  mcpTool(): { [key: string]: JsonValue };
  /** A prompt or resource as GET /export has them, snake_case like the whole export. */
  exportEntity(kind: 'tool' | 'gateway' | 'server' | 'prompt' | 'resource' | 'root'): { [key: string]: JsonValue };
}

/** One response shape. */
export interface Payload {
  readonly title: string;
  /** Where a gateway sends it and where it hurts. */
  readonly where: string;
  /** `response`: something a gateway sends. `representation`: one way to hold a datetime or a UUID. */
  readonly role: 'response' | 'representation';
  /** The smallest profile that includes it; larger ones do too. */
  readonly tier: Profile;
  /** The JSON Schema: the name of a file under fixtures/schemas without `.schema.json`, or the schema itself. */
  readonly schema: string | JsonSchema;
  /** Item counts that a run takes when none are asked for; ascending. */
  readonly sizes: readonly number[];
  /** True where no other item count makes sense. */
  readonly fixedSizes?: boolean;
  readonly variants: readonly Variant[];
  /** JSON Pointer to the list inside the value; `''` where the value is the list; `null` where there is none. */
  readonly list: string | null;
  /** Text around the JSON on the wire, e.g. an SSE `data:` line; part of what a text contender must produce. */
  readonly frame?: { readonly prefix: string; readonly suffix: string };
  /** Builds the value in text form. */
  generate(generator: Generator, items: number): JsonValue;
  /** Builds the native form of a value from JSON.parse; without it `date-time` and `uuid` positions are revived. */
  revive?(value: JsonValue, types: NativeTypes): unknown;
  /** Why this runtime cannot build the payload; `undefined` where it can. */
  unsupported?(): string | undefined;
}

/** One input of the type-handling table. */
export interface TypeInput {
  readonly title: string;
  /** Builds the value; called once in a process of its own kind. */
  value(types: NativeTypes): unknown;
  /** JSON Schema for contenders that need one. */
  readonly schema: JsonSchema;
  /** JSON texts that a JSON contender may write for it; empty where the right answer is an error. */
  readonly accepts: readonly string[];
  /** True where the accepted text holds all of the value's meaning, false where JSON has no room for it. */
  readonly lossless: boolean;
  /** Why this runtime has no such value; `undefined` where it has. */
  unsupported?(): string | undefined;
}

interface SuiteBase {
  readonly title: string;
  /** The question that the suite's table answers. */
  readonly question: string;
  /** Position in reports, ascending. */
  readonly order: number;
  /** The contender that speedups are quoted against. */
  readonly reference: string;
  /** Which contenders take part. */
  contenders(contender: Registered<Contender>): boolean;
  /** The smallest profile that includes it; larger ones do too. */
  readonly tier: Profile;
}

/** A suite whose cells are timed: one process a cell and fork. */
export interface LatencySuite extends SuiteBase {
  readonly method: 'latency';
  /** `by-size`: a table per payload and variant. `by-representation`: contenders against payloads. */
  readonly layout: 'by-size' | 'by-representation';
  payloads(payload: Registered<Payload>): boolean;
  /** The first one is the headline sink, the only one of a default run. */
  readonly sinks: readonly Sink[];
}

/** A suite whose cells are measured in bytes, plain and compressed. */
export interface SizeSuite extends SuiteBase {
  readonly method: 'size';
  payloads(payload: Registered<Payload>): boolean;
  /** Item counts of a default run; sizes hardly depend on it. */
  readonly sizes: readonly number[];
}

/** A suite that looks at what is written for single values; nothing is timed. */
export interface ObservationSuite extends SuiteBase {
  readonly method: 'observation';
  readonly inputs: readonly TypeInput[];
}

export type Suite = LatencySuite | SizeSuite | ObservationSuite;

// ---------------------------------------------------------------------------------------------------------------
// What a run stores
// ---------------------------------------------------------------------------------------------------------------

/** suite x contender x payload x items x variant x sink. */
export interface CellId {
  readonly suite: string;
  readonly contender: string;
  readonly payload: string;
  readonly items: number;
  readonly variant: Variant;
  readonly sink: Sink;
}

/** Cells by what they have in common; an absent list means all, or what a profile chooses. */
export interface CellSelection {
  readonly suites?: readonly string[];
  readonly contenders?: readonly string[];
  readonly payloads?: readonly string[];
  readonly items?: readonly number[];
  readonly variants?: readonly Variant[];
  readonly sinks?: readonly Sink[];
  /** Other programs whose contenders take part beside those above. */
  readonly references?: readonly 'python'[];
}

export type CellStatus = 'ok' | 'incorrect' | 'unsupported' | 'unavailable' | 'failed';

/** Centre and interval in nanoseconds an operation. */
export interface Summary {
  readonly median: Nanoseconds;
  /** Absent where there are too few forks for an interval. */
  readonly lo?: Nanoseconds;
  readonly hi?: Nanoseconds;
  readonly confidence?: number;
}

/** time(reference) / time(contender), so more is better. */
export interface Speedup {
  readonly reference: string;
  readonly ratio: number;
  readonly lo?: number;
  readonly hi?: number;
  readonly confidence?: number;
}

/** Size and cost of one content encoding of the output. */
export interface EncodedSize {
  readonly encoding: 'gzip' | 'br' | 'zstd';
  readonly level: number;
  readonly sizeBytes: Bytes;
  /** Time to compress the whole output once. */
  readonly latencyNs: Nanoseconds;
}

/** What one contender did with one input of the type-handling table. */
export interface Observation {
  readonly input: string;
  /**
   * `kept`: an accepted text that holds the whole value, or a round trip that restores it. `converted`: the accepted
   * text for a value that JSON has no room for. `changed`: anything else was written. `error`: it threw; `rejected`:
   * it threw where an error is the right answer. `crashed`: the process ended or hung. `unsupported`: no such value.
   */
  readonly outcome: 'kept' | 'converted' | 'changed' | 'error' | 'rejected' | 'crashed' | 'unsupported';
  /** What was written, shortened to a displayable length, or the error's message. */
  readonly output: string;
}

/** One fresh process's measurement of one cell. */
export interface Fork {
  readonly round: number;
  /** Median over the blocks, per operation. */
  readonly latencyNs: Nanoseconds;
  /** Per operation, in the order measured. */
  readonly blocks: readonly Nanoseconds[];
  readonly opsPerBlock: number;
  /** The longest single operation seen: the event loop stands still for that long. */
  readonly peakBlockNs: Nanoseconds;
  readonly compileNs: Nanoseconds;
  readonly outputBytes: Bytes;
  /** Bytes allocated on the V8 heap; a Buffer's own memory lies outside it. */
  readonly allocatedBytesPerOp?: Bytes;
  /** Share of one more block, after the timed ones, that was spent in garbage collection, in [0, 1]; absent where the runtime has no such account. */
  readonly gcTimeShare?: number;
  readonly warnings: readonly string[];
}

/** What became of one fork; a line of the journal that a run keeps while it measures. */
export interface ForkOutcome {
  readonly cell: CellId;
  readonly round: number;
  readonly status: CellStatus;
  /** Present unless `status` is `ok`. */
  readonly reason?: string;
  /** Present where `status` is `ok` and the suite's method is `latency`. */
  readonly fork?: Fork;
  /** Present where `status` is `ok` and the suite's method is `size`. */
  readonly size?: { readonly outputBytes: Bytes; readonly encoded: readonly EncodedSize[] };
  /** Present where the suite's method is `observation`. */
  readonly observations?: readonly Observation[];
  /** What was produced for the payload's first item, shortened to a displayable length; `incorrect` has it too. */
  readonly example?: string;
}

/** A cell of a run file. Metrics are there where `status` is `ok`; every other status has a `reason`. */
export interface Cell extends CellId {
  readonly status: CellStatus;
  readonly reason?: string;
  readonly latencyNs?: Summary;
  readonly forks: readonly Fork[];
  readonly outputBytes?: Bytes;
  readonly throughputBytesPerSec?: number;
  readonly allocatedBytesPerOp?: Bytes;
  readonly gcTimeShare?: number;
  readonly peakBlockNs?: Nanoseconds;
  readonly compileNs?: Nanoseconds;
  readonly encoded?: readonly EncodedSize[];
  readonly observations?: readonly Observation[];
  readonly example?: string;
  readonly speedup?: Speedup;
  readonly warnings: readonly string[];
}

/** What a figure depends on besides the code. */
export interface Environment {
  readonly node: string;
  readonly v8: string;
  readonly os: string;
  readonly arch: string;
  readonly cpuModel: string;
  readonly cores: number;
  readonly memoryBytes: Bytes;
  /** Installed version by package name; absent packages are left out. */
  readonly packages: { readonly [name: string]: string };
  /** The commit that was measured, with `-dirty` where the work tree differs; absent outside git. */
  readonly commit?: string;
}

export type Profile = 'quick' | 'standard' | 'thorough';
