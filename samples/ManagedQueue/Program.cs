// Two producers and a consumer, each a process, share a queue and a lock. In Python:
//
//     def write(q, lock, numbers):
//         with lock:
//             for n in numbers: q.put(n)
//     def read(q, lock):
//         with lock:
//             while not q.empty(): print("get", q.get())
//     q, lock = Manager().Queue(), Manager().Lock()
//     processes = [Process(target=write, args=(q, lock, range(1, 6))), …]; start them; join them
//
// As in Python, the consumer reads the items that are in the queue when it acquires the lock. The order of the processes is undefined.
// With --connect HOST:PORT it runs on the cluster of that coordinator.
using Actors;

var connect = args.LastOrDefault();
await using var manager = await Manager.StartAsync(connect);
var queue = await manager.CreateQueueAsync<int>();
var mutex = await manager.CreateLockAsync();

WorkerProcess[] processes =
[
    await WorkerProcess.StartAsync(Write, queue, mutex, Enumerable.Range(1, 5).ToArray(), connect),
    await WorkerProcess.StartAsync(Write, queue, mutex, Enumerable.Range(11, 5).ToArray(), connect),
    await WorkerProcess.StartAsync(Read, queue, mutex, connect),
];
foreach (var process in processes)
    await process.JoinAsync();

static void Write(ManagedQueue<int> queue, ManagedLock mutex, int[] numbers)
{
    using (mutex.Acquire())
    {
        foreach (var number in numbers)
            queue.Put(number);
    }
}

static void Read(ManagedQueue<int> queue, ManagedLock mutex)
{
    using (mutex.Acquire())
    {
        while (!queue.IsEmpty)
            Console.WriteLine($"get {queue.Get()}");
    }
}
