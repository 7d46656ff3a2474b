import { expect } from 'vitest';
import type { FaultyService, PatchRequest, PatchResponse } from './faulty-service.ts';
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

test('1,500 PATCHes of five fields of one record: each field ends with one of its last values, and no version is lost', async ({
  store,
  serve,
}) => {
  const services = await Promise.all([1, 2, 3, 4].map(() => serve()));
  const ids = await store.newWorkspace();
  const bodies = [
    (text: string) => ({ name: text }),
    (text: string) => ({ slogan: text }),
    (text: string) => ({ labTemplates: { smsDefaultMessage: text } }),
    (text: string) => ({ sessionTemplates: { smsReminderMessage: text } }),
    (text: string) => ({ sessionTemplates: { whatsappReminderMessage: text } }),
  ];
  const rounds = 300;
  const requests = Array.from({ length: rounds }, (_, round) =>
    bodies.map((body) => ({ ids, body: body(`${round}`) })),
  );

  // Changes of the same field are sequential; those of different fields are concurrent.
  await Promise.all(
    bodies.map(async (_, field) => {
      const service = services[field % services.length];
      for (const round of requests) {
        const request = round[field];
        if (request) expect(await service?.patch(request)).toMatchObject({ status: 200 });
      }
    }),
  );

  const last = `${rounds - 1}`;
  expect(await store.item(ids)).toMatchObject({
    version: 1 + bodies.length * rounds,
    name: last,
    slogan: last,
    'labTemplates.smsDefaultMessage': last,
    'sessionTemplates.smsReminderMessage': last,
    'sessionTemplates.whatsappReminderMessage': last,
  });
});

test('1,000 concurrent PATCHes of one field: a serial order exists in which each is one version', async ({
  store,
  serve,
}) => {
  const services = await Promise.all([1, 2, 3, 4].map(() => serve()));
  const ids = await store.newClient();
  const names = Array.from({ length: 1_000 }, (_, index) => `name ${index}`);

  const responses = await sendAll(
    services,
    names.map((name) => ({ ids, body: { name } })),
  );

  // A request that is refused because another clock was slightly ahead succeeds at its second attempt, or soon after.
  expect(services.flatMap(({ proxy }) => proxy.passages).length).toBeLessThan(4 * names.length);
  const inOrder = responses.toSorted((a, b) => versionIn(a) - versionIn(b));
  expect(inOrder.map(versionIn)).toEqual(names.map((_, index) => index + 2));
  expect(responses.map(({ body }) => body)).toMatchObject(names.map((name) => ({ client: { name } })));
  expect({ client: await store.item(ids) }).toMatchObject({ client: { name: nameIn(inOrder.at(-1)) } });
  const timestamps = inOrder.map(({ body }) => Object(body.client).updatedAt);
  expect(timestamps).toEqual(timestamps.toSorted());
});

const nameIn = (response: PatchResponse | undefined): unknown => Object(response?.body.client).name;

test('50 callers with the same If-Match, 20 versions in a row: exactly one wins each version', async ({
  store,
  serve,
}) => {
  const services = await Promise.all([1, 2, 3, 4].map(() => serve()));
  const ids = await store.newClient();
  for (let version = 1; version <= 20; version++) {
    const requests = Array.from({ length: inFlight }, (_, caller) => ({
      ids,
      body: { name: `${version} by ${caller}` },
      ifMatch: `"${version}"`,
    }));

    const responses = await sendAll(services, requests);

    const [winner, ...others] = responses.filter(({ status }) => status === 200);
    expect(others).toEqual([]);
    expect(responses.filter(({ status }) => status === 412)).toHaveLength(inFlight - 1);
    expect(await store.item(ids)).toMatchObject({ version: version + 1, name: nameIn(winner) });
  }
});
