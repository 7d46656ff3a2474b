/** A schema, or an action of its pipe, as plain data. */
type Node = { kind: string; type: string; message?: unknown };

/** Kinds of nodes that report nothing themselves, and why. */
const silent: Record<string, string> = {
  exact_optional: 'the schema within reports',
  optional: 'the schema within reports',
  nullable: 'the schema within reports',
  nullish: 'the schema within reports',
  unknown: 'accepts everything',
  raw_check: 'gives its message with each issue, so only the property tests see it',
};

/**
 * Every place in a schema that would respond with valibot's own message, which repeats the value that was sent. The type of an
 * option of a union is exempt: the union reports in its place, unless there is no other option.
 */
export const ownMessagesMissingIn = (schema: object): string[] => missingIn(expectNode(schema), '', false);

const missingIn = (node: Node, path: string, isOption: boolean): string[] => {
  const steps = stepsOf(node);
  if (steps.length > 0) return steps.flatMap((step, index) => missingIn(step, path, isOption && index === 0));
  const place = `${path}/${node.type}`;
  const below = Object.entries(node).flatMap(([name, value]) => {
    const inner = childrenOf(value);
    const isUnion = name === 'options' && inner.length > 1;
    const isWrapped = name === 'wrapped' && isOption;
    return inner.flatMap(([key, child]) => missingIn(child, `${place}.${name}${key}`, isUnion || isWrapped));
  });
  return isSpoken(node, isOption) ? below : [place, ...below];
};

/** A function could repeat what was sent, so only text counts. A kind that is not known must be looked at first. */
const isSpoken = (node: Node, isOption: boolean): boolean => {
  if (node.kind === 'metadata' || node.type in silent) return true;
  if (typeof node.message === 'string') return true;
  return isOption && node.kind === 'schema' && 'message' in node;
};

/** The steps of a pipe: the first is the schema itself, whose members the pipe repeats. */
const stepsOf = (node: Node): Node[] => ('pipe' in node ? childrenOf(node.pipe).map(([, step]) => step) : []);

const childrenOf = (value: unknown): [key: string, child: Node][] => {
  if (isNode(value)) return [['', value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]): [string, Node][] => (isNode(child) ? [[`.${key}`, child]] : []));
};

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'kind' in value && 'type' in value && typeof value.kind === 'string';

const expectNode = (value: unknown): Node => {
  if (!isNode(value)) throw new Error('This is not a schema.');
  return value;
};
