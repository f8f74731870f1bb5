#!/usr/bin/env bash
# Converts a data set on a SLURM cluster: an array of tasks writes the shards, a
# second array writes what failed tasks left out, and a last job merges them.
#
#   TASKS=20 ./submit.sh DATA PLACE OUT [options of rxephys convert]
#
# DATA   path or address of the data set, as every node sees it
# PLACE  folder on a shared file system, or s3://bucket/prefix
# OUT    file.npz, .ndjson, .safetensors or .zarr
#
# TASKS is the number of tasks (10), RXEPHYS the command on the nodes (rxephys).
set -euo pipefail

if [ "$#" -lt 3 ]; then
  echo "Usage: TASKS=20 $0 DATA PLACE OUT [options of rxephys convert]" >&2
  exit 2
fi
data=$1 place=$2 out=$3
shift 3
tasks=${TASKS:-10}
here=$(cd "$(dirname "$0")" && pwd)

shards() {
  sbatch --parsable --array="0-$((tasks - 1))" "${@:2}" \
    "$here/shard.sbatch" "$data" "$place" "$tasks" "${options[@]}"
}
options=("$@")
first=$(shards first)
second=$(shards second --dependency="afterany:$first")
merge=$(sbatch --parsable --dependency="afterok:$second" \
  --kill-on-invalid-dep=yes "$here/merge.sbatch" "$place" "$out")
echo "Submitted $first, $second and $merge: squeue --me shows them"
