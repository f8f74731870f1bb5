/**
 * BullMQ and the client of Redis under it, the only module that loads them.
 *
 * @module
 */

// Named before BullMQ in one module, so that both resolve to this version; the
// newest one depends on packages that cannot be had. It is native code: without a
// permission for it, or a build for this machine, BullMQ decodes in JavaScript.
await import("msgpackr-extract").catch(() => {});

export { type Job, Queue, UnrecoverableError, Worker } from "bullmq";
export { Redis, type RedisOptions } from "ioredis";
