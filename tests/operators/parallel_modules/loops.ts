import { mapResponses, type Session } from "rxephys";
import { from, type Observable } from "rxjs";
import { readySession } from "../../support/sessions/ready_session.ts";

/** Two sessions; reads of the second loop endlessly. */
export default function loops(): Observable<Session> {
  const sessions = ["first", "second"].map((id) =>
    readySession(id, 1, [{ key: id, bins: 2, repeats: [[[1, 2]]] }])
  );
  return from(sessions).pipe(
    mapResponses((response, { session }) => {
      while (session.id === "second");
      return response;
    }),
  );
}
