import type { Session } from "rxephys";
import type { Observable } from "rxjs";
import answering from "./answering.ts";

export default function hangs(): Observable<Session> {
  return answering("hangs", () => new Promise(() => {}));
}
