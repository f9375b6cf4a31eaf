import http from 'node:http';
import https from 'node:https';
import { clock } from '@holdfast/core/adapter';
import type { LibsqlFetch } from './client.ts';

/** How long a socket is kept that nobody uses, in milliseconds. What stands between may drop it later without a word. */
const LONGEST_IDLE_MS = 4000;

/** How long connecting may take, in milliseconds, the handshake of TLS included. */
const LONGEST_CONNECT_MS = 10_000;

/** How long a server may say nothing in the middle of a request, in milliseconds. */
const LONGEST_SILENCE_MS = 300_000;

/** The highest status that a `Response` can have. */
const HIGHEST_STATUS = 599;

/**
 * A `fetch` for the server of a store, with sockets of its own: those that nobody uses can be closed once one of them is
 * found to be lost. It fails as the global one does, and leaves redirections to that. A request takes less than half of
 * the processor time.
 */
export class Sockets {
  readonly #agents: Readonly<Record<string, http.Agent>>;
  readonly #longestSilenceMs: number;

  constructor({ longestSilenceMs = LONGEST_SILENCE_MS }: { readonly longestSilenceMs?: number } = {}) {
    this.#longestSilenceMs = longestSilenceMs;
    // Beside those in use: how many those are is bounded by whoever sends.
    const options = { keepAlive: true, timeout: LONGEST_IDLE_MS };
    this.#agents = { 'http:': new http.Agent(options), 'https:': new https.Agent(options) };
  }

  /** Sends a request, and resolves when its whole answer is there. */
  readonly fetch: LibsqlFetch = async (request, { signal } = {}) => {
    const { url, method } = request;
    const headers = Object.fromEntries(request.headers);
    const body = Buffer.from(await request.arrayBuffer());
    let answer: Answer;
    try {
      const { protocol } = new URL(url);
      const agent = this.#agents[protocol];
      const send = protocol === 'https:' ? https.request : http.request;
      const outgoing = send(url, { method, headers, agent, ...(signal === undefined ? {} : { signal }) });
      const silent = (): unknown => outgoing.destroy(new Error('the server said nothing for too long'));
      outgoing.setTimeout(this.#longestSilenceMs, silent);
      answer = await answerTo(outgoing, body);
    } catch (cause) {
      if (signal?.aborted === true) throw signal.reason;
      throw new TypeError('fetch failed', { cause });
    }
    if (answer.isRedirection) {
      return await fetch(url, { method, headers, body, ...(signal === undefined ? {} : { signal }) });
    }
    return answer.response;
  };

  /** Closes the sockets that nobody uses. */
  closeIdle(): void {
    for (const { freeSockets } of Object.values(this.#agents)) {
      for (const socket of Object.values(freeSockets).flat()) socket?.destroy();
    }
  }

  /** Closes all of them. */
  close(): void {
    for (const agent of Object.values(this.#agents)) agent.destroy();
  }
}

interface Answer {
  readonly response: Response;
  readonly isRedirection: boolean;
}

async function answerTo(outgoing: http.ClientRequest, body: Buffer): Promise<Answer> {
  const incoming = await new Promise<http.IncomingMessage>((resolve, reject) => {
    outgoing.on('response', resolve).on('error', reject).on('socket', boundConnecting);
    outgoing.end(body);
  });
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  const { statusCode = HIGHEST_STATUS, headers } = incoming;
  const status = Math.min(statusCode, HIGHEST_STATUS);
  const type = headers['content-type'];
  const bytes = Buffer.concat(parts);
  const response = new Response(bytes.length === 0 ? null : bytes, {
    status,
    headers: type === undefined ? {} : { 'content-type': type },
  });
  return { response, isRedirection: !response.ok && headers.location !== undefined };
}

/** Ends the wait for a socket that is being connected after {@link LONGEST_CONNECT_MS}. */
function boundConnecting(
  socket: NodeJS.Socket & { readonly connecting?: boolean; destroy?(error: Error): void },
): void {
  if (socket.connecting !== true) return;
  const timeUp = (): void =>
    socket.destroy?.(Object.assign(new Error('connecting took too long'), { code: 'ETIMEDOUT', syscall: 'connect' }));
  const timer = clock.setTimeout(timeUp, LONGEST_CONNECT_MS);
  const end = (): void => clock.clearTimeout(timer);
  socket.once('encrypted' in socket ? 'secureConnect' : 'connect', end).once('close', end);
}
