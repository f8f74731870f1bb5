/** Sends back what it receives. */
import { parentThread } from "../../src/platform/threads.ts";

const parent = parentThread();
parent?.listen((value) => parent.post(value, []));
