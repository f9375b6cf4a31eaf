import type { LibsqlFetch } from './client.ts';

/**
 * What the driver is given for `fetch`, for requests that a signal cancels.
 *
 * It asks for answers that are not compressed: most are a few hundred bytes, and packing and unpacking those costs
 * more than it saves (`docs/decisions.md` has figures). And it lets the status of a refusal through.
 */
export function serverFetch(given: LibsqlFetch, signal: AbortSignal): (request: Request) => Promise<Response> {
  return async (request) => {
    request.headers.set('accept-encoding', 'identity');
    return withStatusInView(await given(request, { signal }));
  };
}

/**
 * Leaves out the body of a refusal that would keep its status from being seen: the driver looks into JSON first,
 * and where that has a message, or is not what it expects, it forgets about the status. Only next to a 400
 * is a code that of the server, and tells more; next to another status it is that of a proxy.
 */
async function withStatusInView(response: Response): Promise<Response> {
  const { ok, status, headers } = response;
  if (ok || headers.get('content-type') !== 'application/json') return response;
  const text = await response.text();
  // `fetch` gives whatever three digits it is told, but no response can be made with more than 599.
  if (status !== 400 || !hasCode(text)) return new Response(null, { status: Math.min(status, 599) });
  return new Response(text, { status, headers: { 'content-type': 'application/json' } });
}

/** Whether it is an error as the protocol of the server has it. */
function hasCode(text: string): boolean {
  try {
    const body = JSON.parse(text) as { readonly message?: unknown; readonly code?: unknown } | null;
    return typeof body?.message === 'string' && typeof body.code === 'string';
  } catch {
    return false;
  }
}
