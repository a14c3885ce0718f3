import confirmPrompt from '@inquirer/confirm';

/** Asks, with no as the default. Ctrl-C is a no. */
export async function confirm(message: string): Promise<boolean> {
  try {
    return await confirmPrompt({ message, default: false });
  } catch (error) {
    if (error instanceof Error && error.name === 'ExitPromptError') return false;
    throw error;
  }
}
