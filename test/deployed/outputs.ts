import { readFileSync } from 'node:fs';
import * as v from 'valibot';

const Outputs = v.record(v.string(), v.object({ ApiUrl: v.string(), TableName: v.string() }));

/** The outputs of the stacks that `cdk deploy` left in a file; none if there is no such file. */
export const outputsIn = (file: string): { ApiUrl: string; TableName: string }[] => {
  try {
    return Object.values(v.parse(Outputs, JSON.parse(readFileSync(file, 'utf8'))));
  } catch {
    return [];
  }
};
