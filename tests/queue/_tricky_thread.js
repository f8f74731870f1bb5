/**
 * A thread that does what a session's name says, in the place of writing it. It is
 * JavaScript, because a test checks the types of a thread anew at its start, which
 * takes longer than the limits of these tests.
 */
import { parentPort } from "node:worker_threads";

parentPort.on("message", ({ session, run }) => {
  const [name, value] = session.split(" ");
  switch (name) {
    case "loops":
      while (performance.now() > 0);
      return;
    case "waits":
      return;
    case "computes":
      busyFor(Number(value));
      break;
    case "reports":
      setTimeout(() => {
        parentPort.postMessage({ progress: { done: 3, total: 8 } });
      }, 1100);
      return setTimeout(() => {
        parentPort.postMessage({ written: { wasThere: true } });
      }, 2500);
    case "ends":
      return Deno.exit(3);
    case "fails":
      return fail({ isFinal: false });
    case "refuses":
      return fail({ isFinal: true });
  }
  Deno.writeTextFileSync(`${run.place}/log`, `${session}\n`, { append: true });
  parentPort.postMessage({ written: { wasThere: false } });
});

function fail({ isFinal }) {
  parentPort.postMessage({ failure: { message: "Cannot do it", isFinal } });
}

/** Computes without a turn of the event loop. */
function busyFor(ms) {
  const end = performance.now() + ms;
  while (performance.now() < end);
}
