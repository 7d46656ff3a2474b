import type { Built } from './contestants.ts';
import { bodies, type Ground } from './ground.ts';
import { type Spread, spreadOf } from './statistics.ts';

const base = bodies['update-client'];

const methods = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    type: 'email',
    value: `a${index}@example.com`,
    isPreferred: index === 0,
  }));

const customFields = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ fieldKey: `field-${index}`, value: 'Updated notes' }));

/** What is sent, and how large the record is that comes back, in bytes. */
const sizes: { name: string; body: object; record: number }[] = [
  ...[1, 10, 50].map((count) => ({
    name: `${count} contact methods`,
    body: { ...base, contactMethods: methods(count) },
    record: 0,
  })),
  ...[1, 10, 100].map((count) => ({
    name: `${count} custom fields`,
    body: { ...base, customFields: customFields(count) },
    record: 0,
  })),
  ...[1, 10, 100, 350].map((kilobytes) => ({
    name: `record of ${kilobytes} KB`,
    body: base,
    record: kilobytes * 1000,
  })),
];

export type SizeCost = { name: string; cpu: Spread };

/** Processor time of a request by what it sends and what it gets, in milliseconds, with repeated tokens. */
export const costBySize = async (ground: Ground, built: Built, requests: number): Promise<SizeCost[]> => {
  const slice = { requests: Math.ceil(requests / 20), from: 0, tokens: 50 };
  const costs: SizeCost[] = [];
  for (const { name, body, record } of sizes) {
    await ground.setRecord(record);
    const warm = await ground.keep(built, body);
    await warm.call({ ...slice, requests: Math.ceil(requests / 2) });
    const cpu: number[] = [];
    for (let done = 0; done < requests; done += slice.requests) cpu.push((await warm.call(slice)).cpu);
    await warm.stop();
    costs.push({ name, cpu: spreadOf(cpu) });
  }
  await ground.setRecord(0);
  return costs;
};
