/** Lets pending work go on until a condition holds, or for a hundred turns. */
export async function turns(
  until: () => boolean = () => false,
): Promise<void> {
  for (let turn = 0; turn < 100 && !until(); turn++) {
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}
