type ErrorClass<E extends Error> = abstract new (...args: never[]) => E;

export function assert(condition: unknown, message?: string): asserts condition;
export function assertEquals<T>(
  actual: T,
  expected: T,
  message?: string,
): void;
export function assertAlmostEquals(
  actual: number,
  expected: number,
  tolerance?: number,
  message?: string,
): void;
export function assertStringIncludes(
  actual: string,
  expected: string,
  message?: string,
): void;
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  errorClass?: ErrorClass<E>,
  messageIncludes?: string,
  message?: string,
): E;
export function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  errorClass?: ErrorClass<E>,
  messageIncludes?: string,
  message?: string,
): Promise<E>;
