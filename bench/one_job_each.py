"""The plain way, for comparison: one RQ job a message, carried by a SimpleWorker.

python -m bench.one_job_each REDIS_URL URL COUNT prints posts a second.
"""

from __future__ import annotations

import sys
import time
from functools import lru_cache
from http import HTTPStatus
from urllib.parse import urlencode

import requests
from redis import Redis
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer

from bench.world import ACCOUNT, FROM, TOKEN, phone


@lru_cache(maxsize=1)
def _session() -> requests.Session:
    session = requests.Session()
    session.auth = (ACCOUNT, TOKEN)
    session.headers["Content-Type"] = "application/x-www-form-urlencoded"
    return session


def send_one(url: str, number: int) -> None:
    """Post one message: the job."""
    address = f"{url}/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    body = urlencode({"To": phone(number), "From": FROM, "Body": "You asked about EHCP."})
    if _session().post(address, data=body, timeout=10).status_code != HTTPStatus.CREATED:
        raise SystemExit("the vendor refused")


def posts_per_s(redis_url: str, url: str, count: int) -> float:
    """Queue `count` jobs, carry them all and return how many a second that made, queueing left out."""
    connection = Redis.from_url(redis_url)
    queue = Queue("bench", connection=connection, serializer=JSONSerializer)
    for number in range(count):
        queue.enqueue_call("bench.one_job_each.send_one", args=(url, number), result_ttl=0)
    worker = SimpleWorker([queue], connection=connection, serializer=JSONSerializer, log_job_description=False)
    start = time.perf_counter()
    worker.work(burst=True, logging_level="ERROR")
    return count / (time.perf_counter() - start)


if __name__ == "__main__":
    print(posts_per_s(sys.argv[1], sys.argv[2], int(sys.argv[3])))
