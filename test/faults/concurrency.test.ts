import { describe, expect } from 'vitest';
import { plainFields } from '../declared/bodies.ts';
import { plainChange, plainChanges } from '../declared/changes.ts';
import type { FaultyService, PatchRequest, PatchResponse } from './faulty-service.ts';
import { endpoints } from './subjects.ts';
import { test } from './suite.ts';

/** The SDK's default number of connections. */
const inFlight = 50;

/** Sends all requests, `inFlight` at a time, spread over the services, and returns the responses in the same order. */
const sendAll = async (
  services: readonly FaultyService[],
  requests: readonly PatchRequest[],
): Promise<PatchResponse[]> => {
  const responses: PatchResponse[] = [];
  const left = requests.entries();
  const sendNext = async (service: FaultyService) => {
    for (const [index, request] of left) responses[index] = await service.patch(request);
  };
  const senders = Array.from({ length: inFlight }, (_, index) => services[index % services.length]);
  await Promise.all(senders.map((service) => service && sendNext(service)));
  return responses;
};

const versionIn = ({ headers }: PatchResponse): number => Number(headers.etag?.replaceAll('"', ''));

const updatedAtIn = ({ body }: PatchResponse): unknown => Object(Object.values(body)[0]).updatedAt;

describe.each(endpoints)('$id', (endpoint) => {
  const fields = plainFields(endpoint);

  test(`300 PATCHes of each of ${fields.length} fields: each field ends with its last value, and no version is lost`, async ({
    store,
    serve,
  }) => {
    const services = await Promise.all([1, 2, 3, 4].map(() => serve()));
    const subject = await store.newRecord(endpoint);
    const rounds = Array.from({ length: 300 }, (_, round) => plainChanges(endpoint, round));

    // Changes of the same field are sequential; those of different fields are concurrent.
    await Promise.all(
      fields.map(async (_, field) => {
        const service = services[field % services.length];
        for (const round of rounds) {
          const body = round[field]?.body ?? {};
          expect(await service?.patch({ ...subject, body })).toMatchObject({ status: 200 });
        }
      }),
    );

    expect(await store.item(subject)).toMatchObject({
      version: 1 + fields.length * rounds.length,
      ...Object.assign({}, ...(rounds.at(-1) ?? []).map(({ stored }) => stored)),
    });
  });

  test('1,000 concurrent PATCHes of one field: a serial order exists in which each is one version', async ({
    store,
    serve,
  }) => {
    const services = await Promise.all([1, 2, 3, 4].map(() => serve()));
    const subject = await store.newRecord(endpoint);
    const changes = Array.from({ length: 1_000 }, (_, index) => plainChange(endpoint, index));

    const responses = await sendAll(
      services,
      changes.map(({ body }) => ({ ...subject, body })),
    );

    // A request that is refused because another clock was slightly ahead succeeds at its second attempt, or soon after.
    expect(services.flatMap(({ proxy }) => proxy.passages).length).toBeLessThan(4 * changes.length);
    const inOrder = responses.toSorted((a, b) => versionIn(a) - versionIn(b));
    expect(inOrder.map(versionIn)).toEqual(changes.map((_, index) => index + 2));
    expect(responses.map(({ body }) => body)).toMatchObject(changes.map(({ reply }) => reply));
    const last = changes.find((_, index) => responses[index] === inOrder.at(-1));
    expect(await store.item(subject)).toMatchObject(last?.stored ?? {});
    const timestamps = inOrder.map(updatedAtIn);
    expect(timestamps).toEqual(timestamps.toSorted());
  });

  test('50 callers with the same If-Match, 20 versions in a row: exactly one wins each version', async ({
    store,
    serve,
  }) => {
    const services = await Promise.all([1, 2, 3, 4].map(() => serve()));
    const subject = await store.newRecord(endpoint);
    for (let version = 1; version <= 20; version++) {
      const changes = Array.from({ length: inFlight }, (_, caller) =>
        plainChange(endpoint, version * inFlight + caller),
      );

      const responses = await sendAll(
        services,
        changes.map(({ body }) => ({ ...subject, body, ifMatch: `"${version}"` })),
      );

      const winners = changes.filter((_, index) => responses[index]?.status === 200);
      expect(winners).toHaveLength(1);
      expect(responses.filter(({ status }) => status === 412)).toHaveLength(inFlight - 1);
      expect(await store.item(subject)).toMatchObject({ version: version + 1, ...winners[0]?.stored });
    }
  });
});
