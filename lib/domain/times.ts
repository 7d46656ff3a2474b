import * as v from 'valibot';

/**
 * Dates and times in requests (RFC 3339 §5.6), stored exactly as sent; see `fields.ts` for what every building block needs.
 * The patterns admit real days only, so the OpenAPI document says all that is checked.
 */

/** Years of the Gregorian calendar that are divisible by 4 but not by 100, or by 400 (RFC 3339, appendix C). */
const leapYear = '(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)';
const day = '(?:0[1-9]|1[0-9]|2[0-8])';
const dayOfAnyYear = `(?:(?:0[1-9]|1[0-2])-${day}|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)`;
const fullDate = `(?:[0-9]{4}-${dayOfAnyYear}|${leapYear}-02-29)`;

const hourAndMinute = '(?:[01][0-9]|2[0-3]):[0-5][0-9]';
const fullTime = `${hourAndMinute}:[0-5][0-9](?:\\.[0-9]{1,9})?(?:Z|[+-]${hourAndMinute})`;

const notADate = 'must be a calendar date (RFC 3339), such as 2024-02-29';

/** A `full-date`: a day of the calendar, from year 0000 to 9999. */
export const FullDate = v.pipe(
  v.string(notADate),
  v.regex(new RegExp(`^${fullDate}$`), notADate),
  v.metadata({ format: 'date' }),
);

const notATimestamp =
  'must be a timestamp with an offset from UTC (RFC 3339), such as 2024-01-15T11:00:00Z or 2024-01-15T12:30:00.5+01:30';

/**
 * A timestamp (`date-time`) with whatever offset was sent, `-00:00` included, and at most 9 digits of a second.
 *
 * - `T` and `Z` must be upper case. RFC 3339 §5.6 lets a specification require that, and tells those who generate timestamps to
 *   write them so: the service does, because it returns what was sent.
 * - Second 60 is refused, though the grammar has it for leap seconds (§5.7): `Date` cannot represent it, so no reply could
 *   contain it, and which days have one is not known in advance.
 */
export const DateTime = v.pipe(
  v.string(notATimestamp),
  v.regex(new RegExp(`^${fullDate}T${fullTime}$`), notATimestamp),
  v.metadata({
    format: 'date-time',
    $comment:
      `It ${notATimestamp}. \`T\` and \`Z\` are upper case, a fraction has at most 9 digits, and leap seconds (second 60) are ` +
      'refused. The offset is kept as sent.',
  }),
);
