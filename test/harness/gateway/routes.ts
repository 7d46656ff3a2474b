/** A route as in a declaration or template, for example `PATCH` and `/v1/workspace/{workspaceId}`. */
export type Route = { method: string; path: string };

/** A matching route, with the values of its path parameters. */
export type Match<R extends Route> = { route: R; parameters: Record<string, string> };

/**
 * The decoded path of a request target; `undefined` if its percent-encoding is malformed. An API Gateway HTTP API decodes the
 * path before routing, so `%2F` separates segments like `/`.
 */
export const pathOf = (target: string): string | undefined => {
  const [path = ''] = target.split('?', 1);
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
};

/** A path with values for its parameters. They are inserted as they are. */
export const filled = (path: string, parameters: Readonly<Record<string, string>>): string =>
  path.replace(/\{(\w+)\}/g, (whole, name: string) => parameters[name] ?? whole);

/** The route for a method and a decoded path. A route with fewer parameters takes precedence. */
export const matchIn = <R extends Route>(routes: readonly R[], method: string, path: string): Match<R> | undefined => {
  const matches = routes.flatMap((route) => {
    const parameters = route.method === method ? parametersIn(route.path, path) : undefined;
    return parameters ? [{ route, parameters }] : [];
  });
  const [first] = matches.sort((a, b) => Object.keys(a.parameters).length - Object.keys(b.parameters).length);
  return first;
};

const parametersIn = (template: string, path: string): Record<string, string> | undefined => {
  const names = template.split('/');
  const segments = path.split('/');
  if (names.length !== segments.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const name = /^\{(.+)\}$/.exec(names[index] ?? '')?.[1];
    if (name === undefined ? names[index] !== segment : segment === '') return undefined;
    if (name !== undefined) parameters[name] = segment;
  }
  return parameters;
};
