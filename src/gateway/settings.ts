/**
 * The settings of a gateway, as its command reads them and tests make them up.
 */

/** What can serialize every response, as `--serializer` has it. */
export const serializerNames = ['json-stringify', 'fast-json-stringify', 'gateway-serializer'] as const;

export type SerializerName = (typeof serializerNames)[number];

/** What responses can be compressed by, as `--compression` has it. */
export const compressionNames = ['none', 'gzip', 'br', 'zstd'] as const;

export type CompressionName = (typeof compressionNames)[number];

/** Packages that a gateway needs beside those of every installation; `pg` too, for a database of PostgreSQL. */
export const gatewayPackages: readonly string[] = [
  'fastify',
  'jose',
  '@modelcontextprotocol/sdk',
  'escape-goat',
  'prom-client',
  'undici',
];

/** How responses leave: one setting each, and the same JSON whatever they are. */
export interface ResponseSettings {
  readonly serializer: SerializerName;
  /** Offered to clients that accept it; `none` sends as it is. */
  readonly compression: CompressionName;
  /** Of the encoder; its own default where absent. */
  readonly compressionLevel?: number;
  /** Bodies below this many bytes are never compressed. */
  readonly compressionMinimumBytes: number;
  /** Whether whole bodies are kept and sent again until something of their kind changes. */
  readonly cache: boolean;
  /** False closes the connection after each response. */
  readonly keepAlive: boolean;
}

/** Who may call; `undefined` as settings means that nobody has to say who they are. */
export interface AuthSettings {
  /** Secret of HS256 tokens, at least 32 bytes. */
  readonly secret: string;
  /** What `iss` has to be; any where absent. */
  readonly issuer?: string;
  /** What `aud` has to be or hold; any where absent. */
  readonly audience?: string;
}

export interface GatewaySettings {
  readonly responses: ResponseSettings;
  readonly auth: AuthSettings | undefined;
  /**
   * Names by which clients may ask for the gateway, beside those of loopback, as in `gateway.example:4444`. Where
   * absent, loopback alone without tokens, and any with them.
   */
  readonly allowedHosts?: readonly string[];
  /** Largest request body in bytes. */
  readonly bodyLimitBytes: number;
  /** Items of a page unless the client says otherwise, and at most. */
  readonly pageSize: number;
  readonly mostPageItems: number;
  /** Milliseconds that a request may wait for the database, however often and wherever; five seconds where absent. */
  readonly requestTimeoutMs?: number;
  /** Whom to tell of a weakness, as in `mailto:security@example.com`. */
  readonly securityContact?: string;
  /** Milliseconds that requests get to finish after the signal to stop. */
  readonly drainMs: number;
}
