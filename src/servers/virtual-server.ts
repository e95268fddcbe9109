/**
 * Makes a virtual server at a gateway: some of its tools under an address of their own.
 */
import { isObject } from '../json.ts';

/** Milliseconds for one request. */
const requestLimitMs = 30_000;

/**
 * Makes it of the tools whose names begin so, unless there is one of that name.
 * @param request.gateway its address. @param request.token its bearer token; none where absent.
 * @returns why it could not be made; `undefined` where it is there.
 */
export async function ensureVirtualServer(request: {
  name: string;
  toolPrefix: string;
  gateway: string;
  token: string | undefined;
  signal: AbortSignal;
}): Promise<string | undefined> {
  const { name, toolPrefix, gateway, token, signal } = request;
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const ask = async (path: string, body?: object): Promise<unknown> => {
    const response = await fetch(`${gateway}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { ...authorization, 'content-type': 'application/json' },
      signal: AbortSignal.any([signal, AbortSignal.timeout(requestLimitMs)]),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${path} answered HTTP ${response.status}`);
    return response.json();
  };
  try {
    const servers = rowsOf(await ask('/servers'));
    if (servers.some((server) => server['name'] === name)) return undefined;
    const tools = rowsOf(await ask('/tools')).filter((tool) => String(tool['name']).startsWith(toolPrefix));
    await ask('/servers', {
      name,
      description: `Tools of ${toolPrefix}.`,
      associatedToolIds: tools.map(({ id }) => id),
    });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function rowsOf(value: unknown): { [key: string]: unknown }[] {
  return (Array.isArray(value) ? (value as unknown[]) : []).filter(isObject);
}
