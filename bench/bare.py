"""The reference of the fan-out: the same posts in a bare pooled loop of threads, without any database.

python -m bench.bare URL COUNT THREADS prints posts a second.
"""

from __future__ import annotations

import queue
import sys
import threading
import time
from http import HTTPStatus
from urllib.parse import urlencode

import urllib3

from bench.world import ACCOUNT, FROM, TOKEN, phone


def _body(number: int) -> str:
    callback = f"https://hub.example.org/webhooks/sms/status?attempt={number:026d}-1"
    text = "You asked about EHCP."
    return urlencode({"To": phone(number), "From": FROM, "Body": text, "StatusCallback": callback})


def posts_per_s(url: str, count: int, threads: int) -> float:
    """Post `count` messages over `threads` kept connections and return how many a second that made."""
    pool = urllib3.PoolManager(maxsize=threads, block=True)
    headers = urllib3.make_headers(basic_auth=f"{ACCOUNT}:{TOKEN}")
    headers["Content-Type"] = "application/x-www-form-urlencoded"
    address = f"{url}/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
    for number in range(count):
        waiting.put(number)

    def work() -> None:
        while True:
            try:
                number = waiting.get_nowait()
            except queue.Empty:
                return
            response = pool.request("POST", address, body=_body(number), headers=headers)
            if response.status != HTTPStatus.CREATED:
                raise SystemExit(f"the vendor answered {response.status}")

    hands = [threading.Thread(target=work) for _ in range(threads)]
    start = time.perf_counter()
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    return count / (time.perf_counter() - start)


if __name__ == "__main__":
    print(posts_per_s(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
