import type { Session } from "rxephys";
import type { Observable } from "rxjs";
import answering from "./answering.ts";

export default function throwsLate(): Observable<Session> {
  return answering("throws_late", () => {
    setTimeout(() => {
      throw new RangeError("not caught");
    }, 0);
    return new Promise(() => {});
  });
}
