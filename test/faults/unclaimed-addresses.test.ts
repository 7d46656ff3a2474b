import { describe, expect } from 'vitest';
import { plainChange, together } from '../declared/changes.ts';
import { contests } from './subjects.ts';
import { engines } from './suite.ts';

describe.each(engines)('a record whose unique value another service stored without a claim, on $engine', (on) => {
  const { testOnIt: test } = on;

  describe.each(contests)('$title', ({ endpoint, newValue, changeTo, newRecord, newUnclaimed, ownerOf }) => {
    test('a write that sets that very value claims it', async ({ store, serve }) => {
      const service = await serve();
      const value = newValue();
      const subject = await newUnclaimed(store, value);
      const successor = await newRecord(store, undefined, subject);
      const { body } = together(plainChange(endpoint, 1), changeTo(value));

      expect(await service.patch({ ...subject, body })).toMatchObject({ status: 200 });

      expect(await ownerOf(store, subject, value)).toEqual(subject.ids);
      expect(await service.patch({ ...successor, body: changeTo(value).body })).toMatchObject({ status: 409 });
    });

    test("a write that sets that very value is 409 if the claim is another record's", async ({ store, serve }) => {
      const service = await serve();
      const value = newValue();
      const owner = await newRecord(store, value);
      const subject = await newUnclaimed(store, value, owner);
      const { body } = together(plainChange(endpoint, 1), changeTo(value));

      expect(await service.patch({ ...subject, body })).toMatchObject({ status: 409 });
      expect(await ownerOf(store, subject, value)).toEqual(owner.ids);
    });
  });
});
