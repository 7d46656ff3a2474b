/** Ends a command with one sentence for the person who gave it; any other error is a defect and shows its stack. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly exitCode: 1 | 2;

  /** @param exitCode 1 if something is missing or in the way, 2 if the command was given wrongly */
  constructor(sentence: string, exitCode: 1 | 2 = 1) {
    super(sentence);
    this.exitCode = exitCode;
  }
}

/** Runs a command; a `CommandError` becomes its sentence on standard error and its exit code. */
export const runCommand = async (command: () => Promise<void>): Promise<void> => {
  try {
    await command();
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = error.exitCode;
  }
};

/**
 * Parses command-line options: what `parse`, a call of `parseArgs`, gives.
 *
 * @throws CommandError with exit code 2 in place of what `parseArgs` throws, cut to its first sentence
 */
export const parsed = <Options>(parse: () => Options): Options => {
  try {
    return parse();
  } catch (error) {
    const isMisuse = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
    if (!isMisuse) throw error;
    const [complaint = ''] = error.message.split(/\.\s/);
    throw new CommandError(`${complaint.replace(/\.$/, '')}; --help lists the options.`, 2);
  }
};

/** Foreign text as the end of a sentence: with one full stop. */
export const fullStop = (text: string): string => `${text.trim().replace(/\.+$/, '')}.`;

/** The message of anything that was thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
