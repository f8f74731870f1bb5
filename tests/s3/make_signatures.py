"""Signs requests with botocore, as a reference for the project's own.

Run: `$S3_PYTHON tests/s3/make_signatures.py`, where S3_PYTHON has botocore 1.44.5
(moto 5.2.5 brings it). It writes tests/fixtures/s3/signatures.json.
"""

import datetime
import json
import pathlib

import botocore
import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

WHEN = datetime.datetime(2026, 11, 21, 20, 30, 5, tzinfo=datetime.timezone.utc)
KEYS = {
    "accessKeyId": "AKIAMADEUPFORTESTS01",
    "secretAccessKey": "made/up+for=tests",
}
TOKEN = {**KEYS, "sessionToken": "temporary+token/of=tests"}
REQUESTS = [
    {"method": "GET", "key": "crcns-ac1.zip"},
    {"method": "HEAD", "key": "a b/c+d=e&f,g;h:i@j$k!l'm(n)o*p~q%r.zip"},
    {"method": "GET", "key": "h\u00f6ren/\u8033.zip"},
    {"method": "PUT", "key": "run-1/job.json", "body": "{}",
     "headers": {"x-amz-meta-rxephys-writer": "8a  b"}},
    {"method": "GET", "key": "",
     "search": "?list-type=2&encoding-type=url&prefix=run-1%2F&max-keys=1000"},
    {"method": "POST", "key": "run-1/x.npz", "search": "?uploads"},
    {"method": "PUT", "key": "run-1/x.npz", "body": "part",
     "search": "?uploadId=a%2Bb%2Fc%3D&partNumber=2"},
    {"method": "GET", "key": "x", "keys": TOKEN},
    {"method": "GET", "key": "x", "region": "eu-central-1"},
]


def path_of(key):
    from urllib.parse import quote

    return quote(f"/bucket/{key}" if key else "/bucket", safe="/~")


def signed(request):
    given = request.get("keys", KEYS)
    credentials = Credentials(
        given["accessKeyId"], given["secretAccessKey"], given.get("sessionToken")
    )
    region = request.get("region", "us-east-1")
    url = "http://store.test:9000" + path_of(request["key"])
    aws = AWSRequest(
        request["method"],
        url + request.get("search", ""),
        data=request.get("body", "").encode(),
        headers=request.get("headers", {}),
    )
    botocore.auth.S3SigV4Auth(credentials, "s3", region).add_auth(aws)
    return {**request, "authorization": aws.headers["Authorization"]}


botocore.auth.get_current_datetime = lambda remove_tzinfo=True: (
    WHEN.replace(tzinfo=None) if remove_tzinfo else WHEN
)
here = pathlib.Path(__file__).parent
target = here.parent / "fixtures" / "s3" / "signatures.json"
target.write_text(
    json.dumps(
        {
            "madeBy": f"botocore {botocore.__version__}",
            "when": WHEN.isoformat(),
            "keys": KEYS,
            "requests": [signed(request) for request in REQUESTS],
        },
        indent=2,
    )
    + "\n"
)
