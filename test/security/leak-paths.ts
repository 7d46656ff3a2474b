import type { Item } from '../../lib/table/changes.ts';
import { twoFields } from '../declared/bodies.ts';
import { pathOf } from '../declared/records.ts';
import { idsOf, ownIdsOf, permissions } from './declared.ts';
import { compact, ecSigner, type Issuer } from './issuer.ts';
import type { LeakScene } from './leak-scene.ts';
import { newMark } from './marks.ts';

/** What callers send besides a body. */
export const sent = {
  userAgent: newMark(),
  cookie: newMark(),
  header: newMark(),
  query: newMark(),
  entityTag: newMark(),
  mediaType: newMark(),
  claim: newMark(),
  text: newMark(),
};
/** The only value of the caller that may be logged, because an audit must be able to identify the caller. */
export const subject = newMark();
/** The name of an unknown member, which is reported to the caller who sent it and to nobody else. */
export const memberName = newMark();
/** A request of which nothing may leak. */
export type Path = {
  says: string;
  /** The service that is sent the request: a working one by default. */
  by?: 'whole' | 'noDatabase' | 'noTable' | 'noKeys' | 'rubbishKeys';
  path: string;
  headers?: readonly (readonly [string, string])[];
  authorization?: string;
  body: string | object;
  /** A record to store just before. */
  item?: Item;
  owed: number;
};

/** A request for each possible response of an endpoint, including defects. */
export const pathsOf = ({ endpoint, ids, marked, ...scene }: LeakScene, issuer: Issuer): Path[] => {
  const foreigner = issuer.token({ sub: subject, workspaces: { foreign: permissions }, x: sent.claim });
  const forged = compact({ alg: 'ES256', kid: 'ec', x: sent.claim }, { sub: sent.claim }, () => Buffer.alloc(64));
  const rotten = compact({ alg: 'ES256', kid: 'ec' }, `{"sub":"${sent.claim}`, ecSigner(issuer.keys.ec));
  const path = pathOf(endpoint, ids);
  const at = (workspaceId: string, id: string) => pathOf(endpoint, idsOf(endpoint, workspaceId, id));
  const [first = ''] = Object.keys(marked.body);
  const fields = twoFields(endpoint);
  /** A change of a field other than this one. */
  const changeBeside = (attribute: string) => {
    const field = fields.find((one) => one.attribute !== attribute) ?? fields[0];
    return field.body(field.numbered(7));
  };
  const rows: (Partial<Path> & Pick<Path, 'says' | 'owed'>)[] = [
    { says: 'a change', owed: 200 },
    { says: 'no change', owed: 200 },
    { says: 'no token', authorization: '', owed: 401 },
    { says: 'another scheme', authorization: `Basic ${sent.header}`, owed: 401 },
    { says: 'a malformed token', authorization: `Bearer ${sent.header}`, owed: 401 },
    { says: 'a token that is forged', authorization: `Bearer ${forged}`, owed: 401 },
    { says: 'a token whose claims are cut off', authorization: `Bearer ${rotten}`, owed: 401 },
    { says: 'a token for another workspace', authorization: `Bearer ${foreigner}`, owed: 403 },
    { says: 'no such record', path: ownIdsOf(endpoint).length > 0 ? at('own', 'absent') : at('absent', ''), owed: 404 },
    { says: 'an invalid id', path: ownIdsOf(endpoint).length > 0 ? at('own', 'a.b') : at('a.b', ''), owed: 404 },
    { says: 'another type', headers: [['Content-Type', `text/${sent.mediaType}`]], owed: 415 },
    { says: 'another coding', headers: [['Content-Encoding', sent.header]], owed: 415 },
    { says: 'a body that is too large', body: sent.text.padEnd(300_000, sent.text), owed: 413 },
    { says: 'a body that is not JSON', body: `{"${first}":"${sent.text}`, owed: 400 },
    { says: 'a body that is one word', body: sent.text, owed: 400 },
    { says: 'a body that is a list', body: [sent.text], owed: 400 },
    { says: 'a malformed If-Match', headers: [['If-Match', sent.entityTag]], owed: 400 },
    ...scene.wrong.map((body, index) => ({ says: `invalid fields ${index}`, body, owed: 422 })),
    { says: 'an unknown field', body: { [memberName]: sent.text }, owed: 422 },
    { says: 'a repeated field', body: `{"${first}":"${sent.text}","${first}":"${sent.text}"}`, owed: 422 },
    { says: 'a record that is full', path: at('full', 'mine'), item: scene.full, body: marked.plainBody, owed: 422 },
    { says: 'another version', headers: [['If-Match', `"${sent.entityTag}"`]], body: changeBeside(''), owed: 412 },
    ...scene.taken.map(({ attribute, body }) => ({ says: `a taken ${attribute}`, body, owed: 409 })),
    ...scene.broken.map(({ attribute, item }, index) => ({
      says: `a stored ${attribute} that is broken, ${index}`,
      path: at('broken', 'broken'),
      item,
      body: changeBeside(attribute),
      owed: 500,
    })),
    { says: 'no database', by: 'noDatabase', owed: 503 },
    { says: 'no table', by: 'noTable', owed: 500 },
    { says: 'no table for fields that are not unique', by: 'noTable', body: marked.plainBody, owed: 500 },
    { says: 'no keys', by: 'noKeys', owed: 503 },
    { says: 'unusable keys', by: 'rubbishKeys', owed: 503 },
  ];
  return rows.map((row) => ({ path, body: marked.body, ...row, says: `${endpoint.id}: ${row.says}` }));
};
