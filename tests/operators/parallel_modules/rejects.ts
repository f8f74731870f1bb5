import { FormatError, type Session } from "rxephys";
import type { Observable } from "rxjs";
import answering from "./answering.ts";

export default function rejects(): Observable<Session> {
  return answering(
    "rejects",
    () => Promise.reject(new FormatError("bad trial")),
  );
}
