import * as v from 'valibot';

/** Numbers in requests; see `fields.ts` for what every building block needs. */

/** A whole number from `min` to `max`, as a JSON number: `2.0` and `2e0` are 2, and `-0` is 0. */
export const wholeNumber = (min: number, max: number) => {
  const message = `must be a whole number from ${min} to ${max}`;
  return v.pipe(v.number(message), v.integer(message), v.minValue(min, message), v.maxValue(max, message));
};

/**
 * A decimal number as text, such as an amount of money: at most `maxDigits` digits, exactly `scale` of them after the point,
 * like SQL's `DECIMAL(maxDigits, scale)`. Every value has one text, so equal amounts are equal texts: no plus sign, no leading
 * zeros, no exponent, no `-0`, always `scale` digits after the point, and no point if `scale` is 0.
 *
 * @throws SyntaxError unless both are whole numbers, and `scale` is from 0 to `maxDigits`
 */
export const decimal = (maxDigits: number, scale: number) => {
  const whole = maxDigits - scale;
  const integer = whole === 0 ? '0' : `(?:0|[1-9][0-9]{0,${whole - 1}})`;
  const fraction = scale === 0 ? '' : `\\.[0-9]{${scale}}`;
  // The flag makes a quantifier of a wrong limit an error.
  const pattern = new RegExp(`^(?!-[0.]+$)-?${integer}${fraction}$`, 'u');
  const digits =
    scale === 0 ? `at most ${maxDigits} digits` : `at most ${maxDigits} digits, ${scale} of them after the point`;
  const message = `must be a decimal number as text of ${digits}, such as "${(0).toFixed(scale)}", without leading zeros`;
  return v.pipe(
    v.string(message),
    v.regex(pattern, message),
    v.metadata({
      $comment: `It ${message}. A plus sign, an exponent and a negative zero are refused, so that every value has one text.`,
    }),
  );
};
