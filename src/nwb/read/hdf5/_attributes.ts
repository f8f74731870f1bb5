import type { Limits } from "../../../base/limits.ts";
import { Hdf5Decoder, isRagged, type Metadata } from "./_decode.ts";
import { limitFault } from "./_fault.ts";
import type { Hdf5Library } from "./_library.ts";
import type { Hdf5Attribute, Hdf5Attributes, Hdf5Data } from "./model.ts";
import { isBoolean } from "./_type.ts";

/** Reads attributes of an object: all, or those of some names. */
export function attributesOf(
  library: Hdf5Library,
  limits: Limits,
  path: string,
  wanted?: readonly string[],
): Hdf5Attributes {
  const { file } = library;
  const all = library.do(
    (module) => module.get_attribute_names(file, path),
    path,
  );
  const names = wanted ? all.filter((name) => wanted.includes(name)) : all;
  return Object.fromEntries(
    names.map((name) => [name, attribute(library, limits, path, name)]),
  );
}

function attribute(
  library: Hdf5Library,
  limits: Limits,
  path: string,
  name: string,
): Hdf5Attribute {
  const { file, module } = library;
  const metadata = library.do(
    () => module.get_attribute_metadata(file, path, name),
    path,
  );
  const { shape, size, total_size } = metadata;
  if (shape === null) return null;
  const bytes = size * total_size;
  // HDF5 stores attributes of more than 64 KiB, but in files of its newest kinds.
  if (!(bytes <= limits.textLength)) {
    const why = `its attribute ${name} claims ${bytes} bytes`;
    throw limitFault(why, limits, "textLength", path);
  }
  const at = module._malloc(bytes);
  const data = library.do(() => {
    module.get_attribute_data(file, path, name, BigInt(at));
    const decoder = new Hdf5Decoder(module, limits, metadata, path);
    const own = module.HEAPU8.slice(at, at + bytes);
    return decoder.decoded(own as Uint8Array<ArrayBuffer>, metadata);
  }, path);
  if (isRagged(metadata)) {
    library.do(
      () => module.reclaim_vlen_memory(file, path, name, BigInt(at)),
      path,
    );
  }
  module._free(at);
  return shape.length === 0 ? scalarOf(data, metadata) : data;
}

/** The one value of a scalar; columns stay columns of one row. */
function scalarOf(data: Hdf5Data, metadata: Metadata): Hdf5Attribute {
  const isList = Array.isArray(data) || ArrayBuffer.isView(data);
  if (!isList) return data;
  const value = (data as readonly Hdf5Attribute[])[0] ?? null;
  return isBoolean(metadata) ? value === 1 : value;
}
