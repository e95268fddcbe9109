/**
 * A serializer or parser that takes part: what it can do, how it is loaded, how an application would use it.
 *
 * Also the mutants, which slow one down to test the gate with. The types of bench/contenders and bench/mutants.
 */
import type { Profile } from './bench-module.ts';
import type { JsonSchema, JtdSchema, Variant, Sink, NativeTypes } from './values.ts';

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
 * of datetimes and UUIDs (in Python, where that has several spellings, the same instant). `round-trip`: the contender's
 * own decoder (or the parser itself) gives back an equal value, `Date`s and `UuidValue`s included.
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
  /**
   * Present where python3 measures the contender in place of a JavaScript worker; it takes part only where asked for.
   */
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
 * How an application serializes as a contender does: plain ESM JavaScript in pieces, indented by 2, at most 98
 * characters wide. Data only, because it travels into reports.
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
  /**
   * What `schema` has to be like, a line each and at most 95 characters; present where a schema is needed and nowhere
   * else.
   */
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
