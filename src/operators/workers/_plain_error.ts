import * as dataErrors from "../../errors.ts";

/** An error as a message between threads: cloning would lose its class. */
export interface PlainError {
  readonly name: string;
  readonly message: string;
  readonly stack?: string | undefined;
  readonly place: dataErrors.DataErrorPlace;
  readonly cause?: PlainError;
}

const CLASSES: Readonly<Record<string, unknown>> = {
  ...dataErrors,
  RangeError,
  SyntaxError,
  TypeError,
};

/** A thrown value as a message between threads. */
export function plainError(thrown: unknown): PlainError {
  if (!(thrown instanceof Error)) {
    return { name: "Error", message: String(thrown), place: {} };
  }
  const { name, message, stack, cause } = thrown;
  const place = thrown instanceof dataErrors.DataError
    ? {
      archive: thrown.archive,
      member: thrown.member,
      offset: thrown.offset,
    }
    : {};
  return {
    name,
    message,
    stack,
    place,
    ...(cause !== undefined && { cause: plainError(cause) }),
  };
}

/** The error again, with its class if that is built in or one of this package. */
export function revivedError(
  { name, message, stack, place, cause }: PlainError,
  suffix: string = "",
): Error {
  const options = {
    ...place,
    ...(cause && { cause: revivedError(cause) }),
  };
  const error = name === "AbortError"
    ? new DOMException(message + suffix, name)
    : new (classOf(name))(message, options);
  if (name === "AbortError") return error;
  const fixed = {
    name,
    message: message + suffix,
    stack: stack?.replace(message, () => message + suffix),
  };
  for (const [key, value] of Object.entries(fixed)) {
    Object.defineProperty(error, key, {
      value,
      configurable: true,
      writable: true,
    });
  }
  return error;
}

type ErrorClass = new (message: string, options: object) => Error;

function classOf(name: string): ErrorClass {
  const own = Object.hasOwn(CLASSES, name) ? CLASSES[name] : Error;
  return own as ErrorClass;
}
