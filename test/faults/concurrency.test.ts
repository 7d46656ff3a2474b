import { expect } from 'vitest';
import type { Answer, FaultyService, PatchRequest } from './faulty-service.ts';
import { test } from './suite.ts';

/** As many as the SDK has connections for by itself. */
const inFlight = 50;

/** Sends all requests, `inFlight` at a time, spread over the services, and gives the answers in the same order. */
const sendAll = async (services: readonly FaultyService[], requests: readonly PatchRequest[]): Promise<Answer[]> => {
  const answers: Answer[] = [];
  const left = requests.entries();
  const sendNext = async (service: FaultyService) => {
    for (const [index, request] of left) answers[index] = await service.patch(request);
  };
  const senders = Array.from({ length: inFlight }, (_, index) => services[index % services.length]);
  await Promise.all(senders.map((service) => service && sendNext(service)));
  return answers;
};

const versionIn = ({ headers }: Answer): number => Number(headers.etag?.replaceAll('"', ''));

test('1,500 PATCHes of five fields of one record: each field ends as one of its own last, none is lost', async ({
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

  // Of one field, a change waits for the one before it; those of other fields do not wait.
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

test('1,000 PATCHes of one field at once: some serial order, in which each is one version', async ({
  store,
  serve,
}) => {
  const services = await Promise.all([1, 2, 3, 4].map(() => serve()));
  const ids = await store.newClient();
  const names = Array.from({ length: 1_000 }, (_, index) => `name ${index}`);

  const answers = await sendAll(
    services,
    names.map((name) => ({ ids, body: { name } })),
  );

  // One that is refused because another's clock was ahead by a moment succeeds with its second attempt, or soon after.
  expect(services.flatMap(({ proxy }) => proxy.passages).length).toBeLessThan(4 * names.length);
  const inOrder = answers.toSorted((a, b) => versionIn(a) - versionIn(b));
  expect(inOrder.map(versionIn)).toEqual(names.map((_, index) => index + 2));
  expect(answers.map(({ body }) => body)).toMatchObject(names.map((name) => ({ client: { name } })));
  expect({ client: await store.item(ids) }).toMatchObject({ client: { name: nameIn(inOrder.at(-1)) } });
  const moments = inOrder.map(({ body }) => Object(body.client).updatedAt);
  expect(moments).toEqual(moments.toSorted());
});

const nameIn = (answer: Answer | undefined): unknown => Object(answer?.body.client).name;

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

    const answers = await sendAll(services, requests);

    const [winner, ...others] = answers.filter(({ status }) => status === 200);
    expect(others).toEqual([]);
    expect(answers.filter(({ status }) => status === 412)).toHaveLength(inFlight - 1);
    expect(await store.item(ids)).toMatchObject({ version: version + 1, name: nameIn(winner) });
  }
});
