import type { Session } from "rxephys";
import type { Observable } from "rxjs";
import answering from "./answering.ts";

if (Deno.args !== undefined) throw new SyntaxError("at the top");

export default function throwsAtTop(): Observable<Session> {
  return answering("top");
}
