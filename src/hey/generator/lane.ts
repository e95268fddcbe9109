/**
 * One connection of the load: sends the request, reads the answer, and opens another connection where one was closed.
 *
 * Each request that is sent ends in exactly one call of `onDone`, unless the lane is closed first. Nothing is sent twice: a
 * second attempt would hide a failure.
 */
import net from 'node:net';
import tls from 'node:tls';

import { kindOfError } from '../../load/failure.ts';
import type { Flaw, Response } from '../judge.ts';
import type { Endpoint } from '../plan.ts';
import { type HeadReader, MalformedResponse } from './response-head.ts';
import { ResponseReader } from './response-reader.ts';

/** What all lanes to one server share. */
export interface LaneSetup {
  readonly endpoint: Endpoint;
  /** Absent for plain connections; the name that the certificate has to be for, where it is not the address. */
  readonly secure?: { readonly servername?: string };
  readonly bytes: Buffer;
  readonly keepsAlive: boolean;
  readonly heads: HeadReader;
  /** Looks at a response while its bytes are there. @returns `undefined` for an answer. */
  readonly onResponse: (response: Response, receivedBytes: number) => Flaw | undefined;
  readonly onDone: (lane: Lane, outcome: Outcome) => void;
}

export interface Outcome {
  readonly latencyMs: number;
  /** Absent for an answer. */
  readonly flaw?: Flaw;
  /** True where there was no connection to send it over. */
  readonly isUnconnected?: true;
}

/**
 * What all connections read into, one after the other: what is read is looked at before the next one reads. Arbitrary: as
 * much as the system hands over at once.
 */
const readBuffer = Buffer.allocUnsafe(64 * 1024);

/** How long before its time a connection is given up that a server is about to close, as undici does it. */
const surenessMs = 1000;

export class Lane {
  readonly #setup: LaneSetup;
  readonly #reader: ResponseReader;
  #socket: net.Socket | undefined;
  #isBusy = false;
  #isConnected = false;
  #startMs = 0;
  /** From then on the server may close the connection while a request is on its way. */
  #openUntilMs = Infinity;
  #error: Error | undefined;

  constructor(setup: LaneSetup) {
    this.#setup = setup;
    this.#reader = new ResponseReader(setup.heads);
  }

  get isBusy(): boolean {
    return this.#isBusy;
  }

  /** Sends the request; the one before has to be done. */
  send(): void {
    this.#isBusy = true;
    this.#error = undefined;
    this.#startMs = performance.now();
    this.#reader.begin();
    if (this.#startMs > this.#openUntilMs) this.#drop();
    this.#socket ??= this.#connect();
    this.#socket.write(this.#setup.bytes);
  }

  /** Fails the request where it was sent longer ago than that. */
  expire(nowMs: number, limitMs: number): void {
    if (!this.#isBusy || nowMs - this.#startMs < limitMs) return;
    this.#drop();
    this.#fail({ kind: 'timeout' });
  }

  /** Ends the connection; nothing is told of a request that is under way. */
  close(): void {
    this.#isBusy = false;
    this.#drop();
  }

  #connect(): net.Socket {
    const { endpoint, secure } = this.#setup;
    this.#isConnected = false;
    let socket: net.Socket;
    const receive = (bytes: Buffer): void => {
      if (socket === this.#socket) this.#receive(bytes);
    };
    if (secure === undefined) {
      const onread = {
        buffer: readBuffer,
        callback: (length: number) => {
          receive(readBuffer.subarray(0, length));
          return true;
        },
      };
      socket = net.connect({ ...endpoint, noDelay: true, onread });
      socket.on('connect', () => (this.#isConnected = true));
    } else {
      socket = tls.connect({ ...endpoint, ...secure });
      socket.setNoDelay();
      socket.on('secureConnect', () => (this.#isConnected = true));
      socket.on('data', receive);
    }
    socket.on('error', (error) => {
      if (socket === this.#socket) this.#error = error;
    });
    socket.on('close', () => {
      if (socket === this.#socket) this.#onClose();
    });
    return socket;
  }

  #receive(bytes: Buffer): void {
    // Nobody asked for it, so that what comes next could not be told from it.
    if (!this.#isBusy) return this.#drop();
    try {
      if (this.#reader.read(bytes)) this.#complete();
    } catch (error) {
      if (!(error instanceof MalformedResponse)) throw error;
      this.#drop();
      this.#fail({ kind: error.message });
    }
  }

  #complete(): void {
    const nowMs = performance.now();
    const latencyMs = nowMs - this.#startMs;
    const reader = this.#reader;
    const { status, type, encoding, idleMs } = reader.head;
    this.#openUntilMs = nowMs + Math.max(idleMs - surenessMs, idleMs / 2);
    const flaw = this.#setup.onResponse({ status, type, encoding, body: reader.body }, reader.receivedBytes);
    if (!reader.keepsAlive || !this.#setup.keepsAlive) this.#drop();
    this.#isBusy = false;
    this.#setup.onDone(this, flaw === undefined ? { latencyMs } : { latencyMs, flaw });
  }

  #onClose(): void {
    this.#socket = undefined;
    if (!this.#isBusy) return;
    if (this.#error === undefined && this.#reader.end()) return this.#complete();
    if (!this.#isConnected) {
      const kind = this.#error === undefined ? 'connection closed while it was opened' : kindOfError(this.#error);
      return this.#fail({ kind }, { isUnconnected: true });
    }
    // How a server ends a connection differs by system and moment, and means the same.
    this.#fail({
      kind:
        this.#reader.receivedBytes > 0 ? 'connection closed inside an answer' : 'connection closed before an answer',
    });
  }

  #fail(flaw: Flaw, where: Pick<Outcome, 'isUnconnected'> = {}): void {
    this.#isBusy = false;
    this.#setup.onDone(this, { latencyMs: performance.now() - this.#startMs, flaw, ...where });
  }

  /** Its events are nobody's any more. */
  #drop(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.destroy();
  }
}
