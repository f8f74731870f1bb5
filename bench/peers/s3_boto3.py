"""Copies a file to a bucket and back with boto3's transfer manager.

Usage: s3_boto3.py up|down BUCKET KEY PATH, with the variables of the store in the
environment. It prints seconds and the peak of resident memory in MB.
"""

import resource
import sys
import time

import boto3

verb, bucket, key, path = sys.argv[1:]
client = boto3.client("s3")
start = time.perf_counter()
if verb == "up":
    client.upload_file(path, bucket, key)
else:
    client.download_file(bucket, key, path)
seconds = time.perf_counter() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
print(f"{seconds:.3f} {peak:.0f}")
