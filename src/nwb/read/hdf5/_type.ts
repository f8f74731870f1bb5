import { CLASS, type Metadata } from "./_decode.ts";
import type { Hdf5Type } from "./model.ts";

const KINDS: Readonly<Record<number, Hdf5Type["kind"]>> = {
  [CLASS.integer]: "integer",
  [CLASS.float]: "float",
  [CLASS.time]: "time",
  [CLASS.text]: "text",
  [CLASS.bits]: "bit field",
  [CLASS.opaque]: "opaque",
  [CLASS.compound]: "compound",
  [CLASS.reference]: "reference",
  [CLASS.enumeration]: "enumeration",
  [CLASS.ragged]: "ragged",
  [CLASS.array]: "array",
};

/** Type as the reader's callers see it. */
export function typeOf(metadata: Metadata): Hdf5Type {
  const { type, size: bytes, signed, enum_type, compound_type } = metadata;
  const { array_type, vlen_type } = metadata;
  const of = array_type ?? vlen_type;
  const members = compound_type?.members.map((member) =>
    [member.name, typeOf(member)] as const
  );
  return {
    kind: isBoolean(metadata)
      ? "boolean"
      : metadata.ref_type === "region"
      ? "region reference"
      : KINDS[type] ?? "opaque",
    bytes,
    ...(type === CLASS.integer && { isSigned: signed }),
    ...(enum_type && { values: enum_type.members }),
    ...(members && { members: Object.fromEntries(members) }),
    ...(of && { of: typeOf(of) }),
    ...(array_type && { shape: array_type.shape ?? [] }),
  };
}

/** Whether a type is h5py's form of booleans. */
export function isBoolean({ enum_type }: Metadata): boolean {
  const { members = {} } = enum_type ?? {};
  return Object.keys(members).length === 2 && members.FALSE === 0 &&
    members.TRUE === 1;
}
