/**
 * BullMQ and the client of Redis under it, the only module that loads them.
 *
 * @module
 */

// In one module with BullMQ, so that both resolve to this version: the newest one
// names packages that cannot be had. It is not loaded from here, because native
// code needs a permission of its own.
import type {} from "msgpackr-extract";

export { type Job, Queue, UnrecoverableError, Worker } from "bullmq";
export { Redis, type RedisOptions } from "ioredis";
