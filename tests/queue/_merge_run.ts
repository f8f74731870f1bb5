/** Merges the shards of a place into an NPZ file: arguments place and file. */
import { toNpz } from "rxephys";
import { mergeShards } from "rxephys/shards";
import { lastValueFrom } from "rxjs";

const [place = "", path = ""] = Deno.args;
await lastValueFrom(mergeShards(place, toNpz(path)));
