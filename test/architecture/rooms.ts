/**
 * The rooms of the code and what each may import, in the order of ARCHITECTURE.md's code map.
 *
 * A room is a folder, or a file named without `.ts`. A new one is a new entry here and a row there; an inner room is an
 * entry under `inner`. What is not listed is forbidden.
 */

export interface Room {
  /** Rooms that it may import; a path names all that lies below it. */
  readonly rooms: readonly string[];
  readonly packages: 'all' | readonly string[];
  /** `node:` modules. */
  readonly builtins: 'all' | readonly string[];
  /**
   * Rooms inside by the rest of their path; what lies in none of them is the hall, `.`, which is held to be one too.
   */
  readonly inner?: Readonly<Record<string, InnerRoom>>;
}

/** A room in a room: what it imports from outside is the house's unless it says less. */
export interface InnerRoom extends Partial<Omit<Room, 'inner'>> {
  /** Other inner rooms of the same house that it may import. */
  readonly inside: readonly string[];
}

/**
 * What nearly every room may use: types, JSON, words for people, expected failures, the program's own files and
 * packages.
 */
const common = [
  'src/model',
  'src/json',
  'src/foreign-text',
  'src/user-error',
  'src/own-files',
  'src/optional-packages',
  'src/require-packages',
];

/** A room of data, or of functions that nothing but their arguments goes into. */
const typesOnly: Room = { rooms: ['src/model'], packages: [], builtins: [] };

export const rooms: Readonly<Record<string, Room>> = {
  'bench/contenders': { rooms: ['src/model', 'packages/serializer'], packages: 'all', builtins: 'all' },
  'bench/payloads': typesOnly,
  'bench/suites': typesOnly,
  'bench/http': typesOnly,
  'bench/scenarios': { ...typesOnly, rooms: ['src/model', 'bench/users/requests'] },
  'bench/servers': typesOnly,
  'bench/users': typesOnly,
  'bench/mutants': typesOnly,
  'bench/claims': typesOnly,
  'bench/metrics': { rooms: ['src/model', 'src/compare/loop-delay-resolution'], packages: [], builtins: [] },
  'bench/reference': {
    rooms: [
      'src/model',
      'src/process',
      'src/machine',
      'src/registry',
      'src/corpus',
      'src/measure',
      'src/stats',
      'src/compare',
      'src/run-file',
      'src/gateway',
      'src/servers',
      'bench/servers',
      'packages/serializer',
    ],
    packages: ['mitata'],
    builtins: 'all',
  },
  // Builds the site out of documents, committed runs and sources; nothing imports it.
  'docs/site': {
    rooms: [...common, 'src/process', 'src/registry', 'src/compare', 'src/report', 'src/store', 'src/runs'],
    packages: ['@astrojs/markdown-satteri', 'astro', 'typedoc', 'typedoc-plugin-markdown'],
    builtins: 'all',
  },
  'src/model': { rooms: [], packages: [], builtins: [] },
  'src/model-schemas': { rooms: [], packages: [], builtins: [] },
  'src/user-error': { rooms: [], packages: ['fastest-levenshtein'], builtins: [] },
  'src/process': { rooms: ['src/user-error'], packages: ['ajv', 'execa'], builtins: 'all' },
  'src/machine': {
    rooms: ['src/process', 'src/own-files'],
    packages: [],
    builtins: 'all',
    inner: {
      '.': { inside: ['probe'] },
      // What the process imports that probes; the parent starts it and imports none of it.
      'probe-worker': { inside: ['probe'] },
      probe: { inside: [] },
    },
  },
  'src/json': { rooms: [], packages: [], builtins: [] },
  'src/foreign-text': { rooms: [], packages: [], builtins: ['node:util'] },
  'src/own-files': { rooms: [], packages: [], builtins: 'all' },
  'src/optional-packages': { rooms: ['src/own-files'], packages: [], builtins: 'all' },
  'src/require-packages': { rooms: ['src/optional-packages', 'src/user-error'], packages: [], builtins: [] },
  'src/config': typesOnly,
  'src/index': { rooms: ['src/model', 'src/config'], packages: [], builtins: [] },
  'src/registry': {
    rooms: [...common, 'src/config', 'src/corpus', 'src/store/config-file'],
    packages: [],
    builtins: 'all',
  },
  'src/corpus': { rooms: common, packages: ['ajv', 'ajv-formats', 'genson-js', 'pure-rand'], builtins: 'all' },
  'src/measure': {
    rooms: [...common, 'src/model-schemas', 'src/process', 'src/machine', 'src/registry', 'src/corpus', 'src/compare'],
    packages: ['pure-rand', 'tinybench'],
    builtins: 'all',
    inner: {
      '.': {
        inside: ['ensemble', 'python', 'ensemble-messages', 'shuffle', 'job', 'difference', 'display', 'profiles'],
      },
      // Processes side by side, whatever they run.
      ensemble: { inside: ['ensemble-messages', 'shuffle', 'job', 'profiles'] },
      // What the processes import that measure; the parent starts them and imports none of it.
      worker: {
        inside: ['job', 'ensemble-messages', 'difference', 'display', 'profiles'],
        // Errors for people, and what suggests names in them, are the parent's.
        rooms: [
          'src/model',
          'src/json',
          'src/foreign-text',
          'src/own-files',
          'src/optional-packages',
          'src/model-schemas',
          'src/process',
          'src/registry',
          'src/corpus',
        ],
      },
      python: { inside: ['ensemble', 'ensemble-messages', 'job', 'display'] },
      'ensemble-messages': { inside: ['job'] },
      shuffle: { inside: [] },
      job: { inside: ['profiles'] },
      difference: { inside: ['display'] },
      display: { inside: [] },
      profiles: { inside: [] },
    },
  },
  'src/stats': {
    rooms: ['src/model'],
    packages: ['jstat'],
    builtins: [],
    inner: {
      '.': { inside: [] },
      // Permutation tests need chance, which comes from a seed.
      'change-points': { inside: ['.'], packages: ['pure-rand'] },
    },
  },
  'src/compare': {
    rooms: ['src/model', 'src/stats'],
    packages: [],
    builtins: [],
    inner: {
      // Comparisons, claims, findings, history: each made of the same few things.
      '.': { inside: ['metrics', 'ratios', 'noise', 'cells'] },
      metrics: { inside: [] },
      ratios: { inside: [] },
      noise: { inside: [] },
      cells: { inside: [] },
    },
  },
  // How run.json is laid out; whoever reads or writes it, and the reports that show what is in it, make it the same way.
  'src/run-file': { rooms: ['src/model', 'src/compare'], packages: [], builtins: [] },
  'src/gate': {
    rooms: [
      ...common,
      'src/config',
      'src/process',
      'src/machine',
      'src/registry',
      'src/corpus/recorded',
      'src/measure',
      'src/stats',
      'src/compare',
      'src/store',
      'src/runs',
    ],
    packages: ['ajv', 'package-manager-detector', 'pure-rand'],
    builtins: 'all',
    inner: {
      '.': { inside: [] },
      sides: { inside: ['.'] },
      // The verdict is a function of what was recorded and of nothing else.
      decision: {
        inside: ['.'],
        rooms: ['src/model', 'src/config', 'src/stats', 'src/compare'],
        packages: [],
        builtins: [],
      },
      session: { inside: ['.', 'decision', 'sides'] },
      power: { inside: ['.', 'decision', 'session', 'sides'] },
    },
  },
  'src/choose': {
    rooms: [
      ...common,
      'src/process',
      'src/registry',
      'src/corpus',
      'src/measure',
      'src/stats',
      'src/compare',
      'src/run-file',
      'src/store/mix-file',
      'src/store/environment',
      'src/record/sample',
    ],
    packages: [],
    builtins: 'all',
    inner: {
      '.': { inside: ['decision', 'settings'] },
      // The recommendation is a function of what was measured and of nothing else.
      decision: {
        inside: ['settings'],
        rooms: ['src/model', 'src/stats', 'src/compare', 'src/run-file'],
        packages: [],
        builtins: [],
      },
      settings: { inside: [] },
      'fast-path': { inside: [] },
      snippets: { inside: ['.'] },
      choose: { inside: ['.', 'decision', 'settings', 'snippets'] },
    },
  },
  'src/report': {
    rooms: ['src/model', 'src/foreign-text', 'src/user-error', 'src/compare', 'src/run-file'],
    packages: [],
    builtins: [],
    inner: {
      '.': { inside: [] },
      parts: { inside: ['.'] },
      charts: { inside: ['.', 'parts'] },
      http: { inside: ['.', 'parts', 'charts'] },
      users: { inside: ['.', 'parts'] },
      run: { inside: ['.', 'parts', 'charts', 'http', 'users'] },
      gate: { inside: ['.', 'parts'] },
      choice: { inside: ['.', 'parts'] },
      history: { inside: ['.', 'parts'] },
      tuning: { inside: ['.', 'parts'] },
      // The page's security policy names hashes, and a library draws its charts.
      html: { inside: ['.'], packages: ['vega', 'vega-lite'], builtins: ['node:crypto'] },
      formats: {
        inside: ['.', 'parts', 'run', 'http', 'users', 'gate', 'html'],
        // The page says which packages its charts would need.
        rooms: [
          'src/model',
          'src/foreign-text',
          'src/user-error',
          'src/compare',
          'src/run-file',
          'src/optional-packages',
        ],
        packages: ['cli-table3', 'junit-report-builder'],
        builtins: ['node:util'],
      },
      // The one module of report that touches a disk: it lists the formats.
      'formats.ts': { inside: ['.'], rooms: ['src/model', 'src/own-files'] },
    },
  },
  'src/store': {
    rooms: [...common, 'src/model-schemas', 'src/process', 'src/config', 'src/run-file'],
    packages: ['ajv', 'ajv-formats'],
    builtins: 'all',
    inner: {
      // A module for each kind of file.
      '.': { inside: ['versioned-file', 'journal-file', 'problems', 'write-file'] },
      'versioned-file': { inside: ['problems', 'write-file'] },
      'journal-file': { inside: ['problems', 'write-file'] },
      problems: { inside: [] },
      'write-file': { inside: [] },
    },
  },
  'src/record': {
    rooms: [...common, 'src/process', 'src/corpus', 'src/store/write-file'],
    packages: ['@modelcontextprotocol/sdk'],
    builtins: 'all',
  },
  'src/pull-request': {
    rooms: ['src/foreign-text', 'src/json', 'src/user-error'],
    packages: [],
    builtins: ['node:fs', 'node:timers/promises'],
  },
  // MCP servers to be asked; of the gateway only what checks a request's hosts.
  'src/servers': {
    rooms: [...common, 'src/corpus', 'src/gateway/http', 'packages/serializer'],
    packages: ['@modelcontextprotocol/sdk'],
    builtins: 'all',
  },
  // What `wirebench/serializer` gives.
  'src/serializer': { rooms: ['packages/serializer'], packages: [], builtins: [] },
  // A product of its own: nothing of this project is imported, and of fastify only types.
  'packages/serializer': {
    rooms: [],
    packages: ['fastify'],
    builtins: ['node:crypto', 'node:http', 'node:stream', 'node:stream/promises', 'node:timers/promises', 'node:util'],
  },
  // Knows nothing of benchmarks: it is what they start as a process.
  'src/gateway': {
    rooms: [...common, 'src/corpus', 'packages/serializer'],
    packages: [
      '@modelcontextprotocol/sdk',
      'ajv',
      'ajv-formats',
      'fast-json-stringify',
      'fastify',
      'escape-goat',
      'jose',
      'pg',
      'undici',
    ],
    builtins: 'all',
    // A request goes down this list and its answer comes up from the store, and neither returns to a room that it left.
    inner: {
      app: {
        inside: [
          '.',
          'admin',
          'entities',
          'store',
          'http',
          'responses',
          'endpoints',
          'events',
          'mcp',
          'mcp/tool-schemas',
          'upstreams',
        ],
        rooms: [],
        packages: ['fastify'],
      },
      bare: {
        inside: ['.', 'entities', 'store', 'http', 'responses', 'endpoints', 'mcp/methods', 'mcp/protocol'],
        rooms: [],
        packages: [],
      },
      shutdown: { inside: ['store'], rooms: [], packages: [] },
      endpoints: {
        inside: ['.', 'entities', 'store', 'http', 'responses', 'mcp/listing', 'mcp/tool-schemas', 'upstreams'],
        rooms: ['src/json', 'src/own-files'],
        packages: ['fastify'],
      },
      admin: { inside: ['.', 'entities', 'store', 'http'], rooms: [], packages: ['escape-goat', 'fastify'] },
      events: { inside: ['.', 'entities', 'store', 'http', 'responses'], rooms: [], packages: ['fastify'] },
      mcp: {
        inside: [
          '.',
          'store',
          'http',
          'responses',
          'mcp/sessions',
          'mcp/methods',
          'mcp/protocol',
          'mcp/tool-schemas',
          'upstreams',
        ],
        rooms: ['src/json'],
        packages: ['fastify'],
      },
      'mcp/sessions': {
        inside: ['.', 'entities', 'store', 'mcp/methods', 'mcp/protocol', 'upstreams'],
        rooms: ['src/json', 'packages/serializer'],
        packages: ['@modelcontextprotocol/sdk'],
      },
      'mcp/methods': {
        inside: ['.', 'entities', 'store', 'http', 'mcp/protocol', 'mcp/listing', 'mcp/tool-schemas', 'upstreams'],
        rooms: ['src/json', 'src/own-files'],
        packages: ['@modelcontextprotocol/sdk'],
      },
      'mcp/listing': {
        inside: ['.', 'entities', 'mcp/tool-schemas'],
        rooms: ['src/json'],
        packages: ['@modelcontextprotocol/sdk'],
      },
      'mcp/tool-schemas': {
        inside: ['.', 'entities'],
        rooms: ['src/foreign-text', 'src/json', 'src/own-files'],
        packages: ['@modelcontextprotocol/sdk', 'ajv', 'ajv-formats'],
      },
      'mcp/protocol': { inside: ['.', 'store', 'http'], rooms: ['src/json', 'packages/serializer'], packages: [] },
      // The servers behind the gateway: it asks them as their client, and knows nothing of its own clients.
      upstreams: {
        inside: ['.', 'entities', 'store'],
        rooms: ['src/json', 'src/user-error'],
        packages: ['@modelcontextprotocol/sdk', 'undici'],
      },
      responses: {
        inside: ['.', 'entities', 'store', 'http'],
        rooms: ['src/user-error', 'src/corpus', 'packages/serializer'],
        packages: ['fast-json-stringify', 'fastify'],
      },
      http: {
        inside: ['.', 'entities', 'store'],
        rooms: ['src/user-error'],
        packages: ['ajv', 'ajv-formats', 'fastify', 'jose', 'prom-client'],
      },
      'store/open-store': {
        inside: ['.', 'store', 'store/postgres', 'store/sqlite'],
        rooms: ['src/user-error', 'src/require-packages'],
        packages: [],
      },
      'store/postgres': { inside: ['.', 'store'], rooms: ['src/user-error', 'src/corpus'], packages: ['pg'] },
      'store/sqlite': { inside: ['.', 'store'], rooms: ['src/corpus'], packages: [] },
      store: {
        inside: ['.', 'entities'],
        rooms: ['src/model', 'src/user-error', 'src/corpus'],
        packages: [],
      },
      entities: { inside: ['.'], rooms: ['src/corpus'], packages: [], builtins: [] },
      // What every room may use: settings, words of others in messages, JSON of others, deadlines.
      '.': { inside: [], rooms: ['src/foreign-text'], packages: [], builtins: ['node:async_hooks', 'node:perf_hooks'] },
    },
  },
  // Starts the gateway as a process and never imports it.
  'src/load': {
    rooms: [
      ...common,
      'src/process',
      'src/machine',
      'src/stats',
      'src/compare',
      'src/measure/shuffle',
      'src/measure/ensemble/orders',
      'src/measure/difference',
      'src/measure/profiles',
      'src/registry/tiers',
      'src/store/http-journal',
    ],
    packages: ['autocannon'],
    builtins: 'all',
    inner: {
      '.': { inside: ['servers', 'generators', 'client', 'child', 'profiles', 'failure'] },
      // What is asked, and what is started to answer.
      servers: { inside: ['client', 'child', 'failure'] },
      // What asks: one process that makes a load. A user's way through a gateway is to be one more way of asking here.
      generators: { inside: ['client', 'child', 'profiles', 'failure'] },
      client: { inside: ['failure'] },
      child: { inside: ['failure'] },
      profiles: { inside: [] },
      failure: { inside: [] },
    },
  },
  // Users of a gateway, each of them a loop of its own.
  'src/users': {
    rooms: [...common, 'src/model-schemas', 'src/process', 'src/load/client', 'src/load/child', 'src/load/failure'],
    packages: ['ajv', 'hdr-histogram-js', 'pure-rand'],
    builtins: 'all',
    inner: {
      '.': { inside: ['requests'] },
      // What a user does, and how its requests are judged and counted.
      requests: { inside: [] },
      worker: { inside: ['requests', '.'] },
      // The one room that knows Locust.
      locust: { inside: ['.', 'requests', 'worker'], packages: ['ajv', 'msgpackr', 'zeromq'] },
    },
  },
  // What a host carries; nothing but `host` touches it.
  'src/tuning': {
    rooms: [...common, 'src/store/undo-file'],
    packages: [],
    builtins: [],
    inner: {
      '.': { inside: ['host'] },
      host: { inside: [], rooms: ['src/store/write-file'], builtins: ['node:fs', 'node:path'] },
    },
  },
  // Scripted load: plan, engines, judgement of answers, report.
  'src/hey': {
    rooms: [
      ...common,
      'src/process',
      'src/stats/intervals',
      'src/report/quantities',
      'src/record/redact',
      'src/store/write-file',
      'src/load/child',
      'src/load/failure',
      'src/load/client',
      'src/load/generators/recorder',
      'src/load/servers/user-site',
    ],
    packages: [],
    builtins: 'all',
    inner: {
      '.': { inside: [] },
      // What the process imports that makes the load; of it the engine knows the messages.
      generator: { inside: ['.', 'generator/messages'] },
      'generator/messages': { inside: ['.'] },
      engines: { inside: ['.', 'generator/messages'] },
    },
  },
  'src/runs': {
    rooms: [
      ...common,
      'src/registry',
      'src/measure/plan',
      'src/measure/shard',
      'src/compare',
      'src/store',
      'src/record/sample',
      'src/load/outcome',
      'src/load/plan',
      'src/load/profiles',
      'src/users/results',
    ],
    packages: [],
    builtins: 'all',
  },
  // Sets a project up; what it plans is a function of the facts that it found.
  'src/init': {
    rooms: [...common, 'src/model/values', 'src/store/write-file', 'src/gate/sides/git', 'src/gate/sides/packages'],
    packages: ['diff', 'jsonc-parser', 'package-manager-detector'],
    builtins: 'all',
    inner: {
      '.': { inside: ['texts', 'contenders', 'project'] },
      // What is written into files.
      texts: { inside: ['contenders', 'project'], rooms: ['src/foreign-text'], packages: [], builtins: [] },
      contenders: { inside: ['project'], rooms: [], packages: [], builtins: [] },
      project: { inside: [], rooms: ['src/model/values'], packages: [], builtins: [] },
    },
  },
  'src/cli': {
    rooms: [
      ...common,
      'src/process',
      'src/registry',
      'src/corpus',
      'src/measure',
      'src/compare',
      'src/choose',
      'src/report',
      'src/store',
      'src/record',
      'src/pull-request',
      'src/config',
      'src/gate',
      'src/gateway',
      'src/servers',
      'src/load',
      'src/users',
      'src/hey',
      'src/runs',
      'src/tuning',
      'src/init',
    ],
    packages: ['@commander-js/extra-typings', 'cli-progress', 'ms'],
    builtins: 'all',
  },
};

/** Modules that exactly these places import, however many rooms might. */
export const soleImporters: Readonly<Record<string, readonly string[]>> = {
  tinybench: ['src/measure/worker/sampler.ts'],
  execa: ['src/process'],
  'node:child_process': ['src/process'],
};

/** Rooms in which a clock, chance, a console or the process would make a result depend on more than the arguments. */
export const pureRooms: readonly string[] = [
  'src/model',
  'src/stats',
  'src/compare',
  'src/report',
  'src/gate/decision',
  'src/choose/decision',
];
