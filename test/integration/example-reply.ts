import { expect } from 'vitest';

/** What the response to a declared example must be: its reply, with the timestamp of the change. */
export const exampleReply = ({ example }: { example: { reply: object } }): object =>
  Object.fromEntries(
    Object.entries(example.reply).map(([name, record]) => [
      name,
      { ...record, ...('updatedAt' in record && { updatedAt: expect.stringMatching(/^\d{4}-.+\.\d{3}Z$/) }) },
    ]),
  );
