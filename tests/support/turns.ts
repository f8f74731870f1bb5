/** Runs pending work until a condition holds, for at most a hundred turns. */
export async function turns(
  until: () => boolean = () => false,
): Promise<void> {
  for (let turn = 0; turn < 100 && !until(); turn++) {
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}
