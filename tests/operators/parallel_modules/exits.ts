import type { Session } from "rxephys";
import type { Observable } from "rxjs";
import answering from "./answering.ts";

export default function exits(): Observable<Session> {
  return answering("exits", () => Deno.exit(3));
}
