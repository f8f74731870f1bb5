import { mapResponses, type Session } from "rxephys";
import { from, type Observable } from "rxjs";
import { readySession } from "../../support/sessions/ready_session.ts";

/** A session whose presentations all fail, the first one last. */
export default function fails(): Observable<Session> {
  const session = readySession("x", 1, [
    { key: "0", bins: 2, repeats: [[[1, 2]]] },
    { key: "1", bins: 2, repeats: [[[3, 4]]] },
    { key: "2", bins: 2, repeats: [[[5, 6]]] },
  ]);
  return from([session]).pipe(
    mapResponses(async (_, { stimulus: { key } }) => {
      if (key === "0") await new Promise((resolve) => setTimeout(resolve, 50));
      throw new RangeError(`presentation ${key}`);
    }),
  );
}
