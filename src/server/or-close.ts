/** Starts something that needs what is open already. Where that fails it is closed, for it would keep the process alive. */
export async function orClose<T>(start: () => Promise<T>, close: () => unknown): Promise<T> {
  try {
    return await start();
  } catch (error) {
    await close();
    throw error;
  }
}
