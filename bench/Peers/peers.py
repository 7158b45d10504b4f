"""The same measurements with Python's multiprocessing (spawn). Takes the id of a measurement and prints one number."""
import multiprocessing
import sys
import time

CTX = multiprocessing.get_context("spawn")
PROCESSES = 2


def same(x):
    return x


def length(data):
    return len(data)


def resident(_):
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * 4096


def produce(queue, count):
    for i in range(count):
        queue.put(i)


def consume(queue, count):
    for _ in range(count):
        queue.get()


def rate(count, work):
    begin = time.perf_counter()
    work()
    return count / (time.perf_counter() - begin)


def warm_pool():
    pool = CTX.Pool(PROCESSES)
    pool.map(same, range(1000), chunksize=1)
    return pool


def start_to_first_result():
    # Measures the second pool, as for the other library.
    first_start_to_first_result()
    return first_start_to_first_result()


def first_start_to_first_result():
    # Measures from the first call, as for the other library, without the start of the interpreter and its imports.
    begin = time.perf_counter()
    pool = CTX.Pool(PROCESSES)
    pool.apply(same, (1,))
    elapsed = time.perf_counter() - begin
    pool.terminate()
    return elapsed * 1e3


def apply_round_trip():
    with warm_pool() as pool:
        count = 3000
        return 1e6 / rate(count, lambda: [pool.apply(same, (i,)) for i in range(count)])


def apply_async():
    with warm_pool() as pool:
        count = 30000
        return rate(count, lambda: [r.get() for r in [pool.apply_async(same, (i,)) for i in range(count)]])


def map_chunk_1():
    with warm_pool() as pool:
        count = 50000
        return rate(count, lambda: pool.map(same, range(count), chunksize=1))


def map_auto():
    with warm_pool() as pool:
        count = 2000000
        items = list(range(count))
        return rate(count, lambda: pool.map(same, items))


def imap_unordered():
    with warm_pool() as pool:
        count = 50000
        return rate(count, lambda: sum(1 for _ in pool.imap_unordered(same, range(count))))


def payload_64mib():
    with warm_pool() as pool:
        data = bytes(64 << 20)
        return rate(64, lambda: pool.apply(length, (data,)))


def queue_put_get():
    with CTX.Manager() as manager:
        queue = manager.Queue()
        count = 5000

        def work():
            for i in range(count):
                queue.put(i)
            for _ in range(count):
                queue.get()

        work()
        return rate(2 * count, work)


def queue_2p_1c():
    with CTX.Manager() as manager, CTX.Pool(3) as pool:
        queue = manager.Queue()
        count = 10000
        pool.map(same, range(100), chunksize=1)

        def work():
            jobs = [pool.apply_async(produce, (queue, count)) for _ in range(2)]
            jobs.append(pool.apply_async(consume, (queue, 2 * count)))
            for job in jobs:
                job.get()

        work()
        return rate(2 * count, work)


def lock_pair():
    with CTX.Manager() as manager:
        lock = manager.Lock()
        count = 5000

        def work():
            for _ in range(count):
                lock.acquire()
                lock.release()

        work()
        return rate(count, work)


def worker_memory():
    with warm_pool() as pool:
        return max(pool.map(resident, range(20), chunksize=1)) / (1 << 20)


if __name__ == "__main__":
    print(globals()[sys.argv[1]]())
