import { readFileSync } from 'node:fs';
import * as v from 'valibot';

const Outputs = v.record(v.string(), v.object({ ApiUrl: v.string(), TableName: v.string() }));

/** The stack outputs in the outputs file of `cdk deploy`; empty if the file is missing or invalid. */
export const outputsIn = (file: string): { ApiUrl: string; TableName: string }[] => {
  try {
    return Object.values(v.parse(Outputs, JSON.parse(readFileSync(file, 'utf8'))));
  } catch {
    return [];
  }
};
